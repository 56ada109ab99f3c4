/** The open sessions of a clone as they change: told by the file system, nothing is asked again and again. */

import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mergeRecords } from '../../core/log/log.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import type { SessionState } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { refStamp } from '../../git/ref-stamp.ts';
import type { Repo } from '../../git/run.ts';
import { readJournalFrom } from '../../store/journal.ts';
import { privatePaths } from '../../store/paths.ts';
import { type Watched, watchFolders } from '../../store/watch.ts';
import { openSessions } from './list-sessions.ts';
import { logAt } from './records.ts';
import { prefixOf, type Session } from './session.ts';

export interface Followed {
  session: Session;
  state: SessionState;
  /** In the order of their times. */
  records: AnyRecord[];
  /** Of the journal, how much is read. */
  read: number;
}

export interface FollowOptions {
  signal: AbortSignal;
  /** All of them, newest first, at the beginning and after every change; and the records that are new. */
  onChange(sessions: readonly Followed[], added: readonly AnyRecord[]): void;
}

/** Agents write in bursts: what comes within this time is taken together. */
const BURST_MS = 100;
/** Between two looks that nothing asked for. */
const LONG_MS = 10 * 60_000;

/** Follows until the signal aborts. */
export async function followSessions(repo: Repo, { signal, onChange }: FollowOptions): Promise<void> {
  let sessions: Followed[] | null = null;
  while (!signal.aborted) {
    // First watch, then look: nothing that happens meanwhile is missed.
    const refs = watchFolders(refFolders(repo));
    const journal = watchFolders([dirname(privatePaths(repo.commonDir).journal('x'))]);
    try {
      const before: Followed[] = sessions ?? [];
      sessions = await lookAt(repo);
      onChange(sessions, newIn(before, sessions));
      for (const stamp = refsStamp(repo); !signal.aborted; ) {
        await nextOf({ refs, journal }, signal);
        await pause(BURST_MS);
        // Most of what changes in git's folder is the index.
        if (refsStamp(repo) !== stamp) break;
        const added = takeUp(repo, sessions);
        if (added.length > 0) onChange(sessions, added);
        // What a session is may have changed with it.
        if (added.some(({ kind }) => /^(session|closeout)\./.test(kind))) break;
      }
    } finally {
      refs.close();
      journal.close();
    }
  }
}

/** Where git keeps what names the session branches: loose refs in their folder, packed refs at the top, or a folder of tables. */
function refFolders(repo: Repo): string[] {
  const { commonDir } = repo;
  return [commonDir, join(commonDir, 'reftable'), dirname(join(commonDir, 'refs', 'heads', `${prefixOf(repo)}x`))];
}

/** A text that differs whenever a session branch may have moved. */
const refsStamp = (repo: Repo): string => refStamp(repo.commonDir, dirname(`refs/heads/${prefixOf(repo)}x`));

/** Waits until one of them changes. */
async function nextOf(watched: Record<'refs' | 'journal', Watched>, signal: AbortSignal): Promise<void> {
  const round = new AbortController();
  const both = AbortSignal.any([signal, round.signal]);
  const all = Object.values(watched).map((one) => one.next(LONG_MS, both));
  await Promise.race(all);
  round.abort();
  await Promise.all(all);
}

async function lookAt(repo: Repo): Promise<Followed[]> {
  const listed = await openSessions(repo);
  return Promise.all(
    listed.map(async ({ session, state }) => {
      const { parsed, next } = readJournalFrom(repo.commonDir, session.id, 0);
      const log = await logAt(repo, session.tip, session.id);
      const records = mergeRecords(log.parsed.records, parsed.records).filter((record) => record.session === session.id);
      return { session, state, records, read: next };
    }),
  );
}

function newIn(before: readonly Followed[], now: readonly Followed[]): AnyRecord[] {
  const known = new Map<SessionId, Set<string>>(before.map(({ session, records }) => [session.id, new Set(records.map(({ id }) => id))]));
  // What was there when a session came into sight is no news.
  return now.flatMap(({ session, records }) => records.filter(({ id }) => known.get(session.id)?.has(id) === false));
}

/** Reads on in every journal; the records that were not known. */
function takeUp(repo: Repo, sessions: Followed[]): AnyRecord[] {
  return sessions.flatMap((one) => {
    const { parsed, next } = readJournalFrom(repo.commonDir, one.session.id, one.read);
    const known = new Set(one.records.slice(-2000).map(({ id }) => id));
    const added = parsed.records.filter((record) => record.session === one.session.id && !known.has(record.id));
    one.read = next;
    if (added.length > 0) one.records = mergeRecords(one.records, added);
    return added;
  });
}

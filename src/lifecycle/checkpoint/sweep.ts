/** The session's leftovers: what its tasks left uncommitted in its own folder, or that a record claims; anything else is only listed. */

import type { AnyRecord } from '../../core/log/record.ts';
import { isWritten } from '../../core/memory/memory.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { openEdits } from '../../core/session/open-edits.ts';
import { entriesAt } from '../../git/entries.ts';
import { readStatus } from '../../git/porcelain.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { logAt, sessionRecords } from '../session/records.ts';
import type { Session } from '../session/session.ts';
import { dirtyAtStart, wasDirty } from '../start/dirty.ts';
import { drain } from './drain.ts';
import { isGenerated } from './file-gate.ts';
import type { Held } from './held.ts';
import { requestCheckpoint, worktreeOf } from './request.ts';

export interface SweepOutcome {
  /** Null where nothing was left, or where it had to wait. */
  commit: string | null;
  files: string[];
  /** Changed or untracked outside the session's folder, and claimed by no record: the person's, or strays. Never committed. */
  leftovers: string[];
  /** The same, but changed already when the session started: the person's own. */
  fromBefore: string[];
  held: Held[];
  /** Why they, or an earlier checkpoint of the session, are queued and not committed; else null. */
  waits: string | null;
}

/**
 * Commits what is queued and then the leftovers of a session, waiting for whoever commits just now. `beforeSeal`: records alone are no reason
 * for a commit (a seal takes them from the journal), except those of memory: what lives for the session is in no seal, but in history.
 */
export async function sweep(repo: Repo, session: Session, options: { beforeSeal?: boolean } = {}): Promise<SweepOutcome> {
  const drained = await drain(repo, { wait: true });
  const waiting = drained.deferred.find((row) => row.branch === `refs/heads/${session.branch}`)?.why ?? null;
  const now = { ...session, tip: (await commitOf(repo, `refs/heads/${session.branch}`)) ?? session.tip };
  const at = worktreeOf(repo, now);
  const { records } = await sessionRecords(repo, now);
  // Where no worktree has the branch checked out, no files are the session's.
  const changed = now.worktree === null ? [] : (await readStatus(at)).filter((row) => !row.submodule).map((row) => row.path);
  const candidates = changed.filter((path) => !path.startsWith('.swarm/') && !isGenerated(path, now.id));
  const root = `${sessionPaths(now.id).root}/`;
  const outside = candidates.filter((path) => !path.startsWith(root));
  const edits = openEdits(records, await entriesAt(at, now.tip, outside));
  const claimed = new Set(outside.filter((path) => edits.get(path)?.claimed));
  const early = dirtyAtStart(repo, now.id);
  const files = candidates.filter((path) => path.startsWith(root) || claimed.has(path));
  const leftovers = outside.filter((path) => !claimed.has(path) && !wasDirty(early, path));
  const fromBefore = outside.filter((path) => !claimed.has(path) && wasDirty(early, path));
  const nothing = files.length === 0 && !(await hasMemoryBeyond(repo, now, records));
  if (options.beforeSeal && nothing) return { commit: null, files: [], leftovers, fromBefore, held: [], waits: waiting };
  const subject = files.length > 0 ? 'what was left' : 'the records up to now';
  const outcome = await requestCheckpoint(repo, now, { files, event: 'sweep', wait: true, subject, naming: () => records });
  const waits = outcome.queued ? outcome.waits : waiting;
  return { commit: outcome.commit, files: outcome.files, leftovers, fromBefore, held: outcome.held, waits };
}

/** True where memory was written that no commit of the session holds. */
async function hasMemoryBeyond(repo: Repo, { id, tip }: Session, records: readonly AnyRecord[]): Promise<boolean> {
  const committed = new Set((await logAt(repo, tip, id)).parsed.records.map((record) => record.id));
  return records.some((record) => isWritten(record) && !committed.has(record.id));
}

/** What private state holds that exists nowhere else: records and checkpoints not committed yet, and work that could still be brought back. Looks only. */

import { mergeRecords } from '../../core/log/log.ts';
import type { AnyRecord, UnknownRecord } from '../../core/log/record.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { refIds } from '../../git/ids.ts';
import type { Repo } from '../../git/run.ts';
import { awaiting } from '../../store/awaiting.ts';
import { begunCloseouts } from '../../store/closeout-state.ts';
import { journalSessions, readJournal } from '../../store/journal.ts';
import { queuedIds } from '../../store/queue.ts';
import { logAt } from '../session/records.ts';
import { loadSession } from '../session/session.ts';

export interface Holdings {
  /** Records that no commit holds, by session; sessions without any are left out. */
  records: { session: SessionId; count: number; branch: string | null }[];
  /** Checkpoints asked for and not made yet. */
  checkpoints: number;
  /** Closeouts that were begun and not finished. */
  closeouts: SessionId[];
  /** Sessions approved or sealed here and not yet seen landed. */
  awaited: SessionId[];
  /** Refs that keep dropped work. */
  trash: string[];
}

export async function holdings(repo: Repo): Promise<Holdings> {
  const records: Holdings['records'] = [];
  for (const id of journalSessions(repo.commonDir)) {
    const session = await loadSession(repo, id);
    // A landed session's own log says what of it was to stay.
    if (session?.metadata.status === 'closed') continue;
    const journal = readJournal(repo.commonDir, id);
    const log = session ? (await logAt(repo, session.tip, id)).parsed : { records: [], unknown: [] };
    const there = new Set([...log.records, ...log.unknown].map((record) => record.id));
    const own = mergeRecords<AnyRecord | UnknownRecord>(journal.records, journal.unknown).filter((record) => !there.has(record.id));
    const branch = session?.ref.startsWith('refs/heads/') ? session.branch : null;
    if (own.length > 0) records.push({ session: id, count: own.length, branch });
  }
  return {
    records,
    checkpoints: queuedIds(repo.commonDir).length,
    closeouts: begunCloseouts(repo.commonDir),
    awaited: awaiting(repo.commonDir),
    trash: (await refIds(repo, 'refs/git-session/')).map(({ ref }) => ref),
  };
}

/** True where taking the private state away would lose what is nowhere else. */
export function holdsMore({ records, checkpoints, closeouts, trash }: Holdings): boolean {
  return records.length + checkpoints + closeouts.length + trash.length > 0;
}

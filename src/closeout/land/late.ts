/** What came in after the seal was made, while the key signed. */

import { parseLog } from '../../core/log/log.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import { isProjectMemory } from '../../core/memory/key.ts';
import { isWritten } from '../../core/memory/memory.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Repo } from '../../git/run.ts';
import { logAt } from '../../lifecycle/session/records.ts';
import type { CloseoutState } from '../../store/closeout-state.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { readJournalFrom } from '../../store/journal.ts';
import { readQueue } from '../../store/queue.ts';

type Sealed = Pick<CloseoutState, 'session' | 'journal'>;

/** Whether memory was written that the seal was made without. Other records alone are no reason to sign again. */
export function storedSince(repo: Repo, { session, journal }: Sealed): boolean {
  return journal !== null && readJournalFrom(repo.commonDir, session, journal).parsed.records.some(isWritten);
}

/** A seal that has landed: its commit, and when it was approved; `closedAt` null where only what outlives the session counts. */
export interface LandedSeal {
  commit: string;
  closedAt: string | null;
}

/**
 * Records of a journal's text that neither the seal nor the commit that it was made on holds. Memory of the session itself leaves the log
 * with the seal: it is late only where it was written after the approval.
 */
export async function lateRecords(repo: Repo, id: SessionId, text: string, seal: LandedSeal): Promise<AnyRecord[]> {
  const logs = await Promise.all([seal.commit, `${seal.commit}^`].map((commit) => logAt(repo, commit, id)));
  const held = new Set(logs.flatMap(({ parsed }) => parsed.records.map((record) => record.id)));
  const policy = compiledPolicy(repo.commonDir);
  const counts = (record: AnyRecord) => {
    if (isProjectMemory(record, policy)) return true;
    return seal.closedAt !== null && (!isWritten(record) || record.at >= seal.closedAt);
  };
  return parseLog(text).records.filter((record) => record.session === id && !held.has(record.id) && counts(record));
}

/** Whether a checkpoint of the branch (short name) waits: its files would be on no branch once this one is gone. */
export function hasQueued(repo: Repo, branch: string): boolean {
  return readQueue(repo.commonDir).requests.some((request) => request.branch === `refs/heads/${branch}`);
}

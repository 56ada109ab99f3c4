/** What came in after the seal was made, while the key signed. */

import { stateError } from '../../core/errors.ts';
import { parseLog } from '../../core/log/log.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import { isProjectMemory } from '../../core/memory/key.ts';
import { isWritten } from '../../core/memory/memory.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Repo } from '../../git/run.ts';
import { drain } from '../../lifecycle/checkpoint/drain.ts';
import { recover as recoverDrain } from '../../lifecycle/checkpoint/recover.ts';
import { logAt } from '../../lifecycle/session/records.ts';
import type { CloseoutState } from '../../store/closeout-state.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { readJournalFrom } from '../../store/journal.ts';
import { withLock } from '../../store/lock.ts';
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

const PATIENCE_MS = 10_000;

/** Settles what a killed checkpoint left, which may move the branch; the caller holds its lock. Throws (exit 1) where it has to wait. */
async function settleCheckpoint(repo: Repo): Promise<void> {
  const why = await recoverDrain(repo, PATIENCE_MS);
  if (why === null) return;
  throw stateError({
    what: 'A checkpoint was interrupted and could not be settled yet, so nothing was moved.',
    why,
    next: 'End the git process that still runs, if there is one, and run the same command again.',
  });
}

/**
 * Runs `act` while no checkpoint may move a session's branch or index, with what a killed one left settled first. Those that came
 * meanwhile found the lock taken and rely on its holder: they are made afterwards.
 */
export async function underLock<T>(repo: Repo, act: () => Promise<T>): Promise<T> {
  const settled = async () => {
    await settleCheckpoint(repo);
    return act();
  };
  try {
    return await withLock(repo.commonDir, 'checkpoint', settled, { timeoutMs: 60_000 });
  } finally {
    // What cannot be made now stays queued for the next command; it changes nothing of what was reached here.
    await drain(repo, { wait: false, patienceMs: 0 }).catch(() => {});
  }
}

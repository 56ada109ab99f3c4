/** What came in after the seal was made, while the key signed. */

import { stateError } from '../../core/errors.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import { isWritten } from '../../core/memory/memory.ts';
import type { Repo } from '../../git/run.ts';
import { recover as recoverDrain } from '../../lifecycle/checkpoint/recover.ts';
import type { CloseoutState } from '../../store/closeout-state.ts';
import { readJournalFrom } from '../../store/journal.ts';
import { withLock } from '../../store/lock.ts';
import { readQueue } from '../../store/queue.ts';

type Sealed = Pick<CloseoutState, 'session' | 'journal'>;

/** Records of the journal that the seal was made without; none where it was made by an earlier run. */
export function lateRecords(repo: Repo, { session, journal }: Sealed): AnyRecord[] {
  return journal == null ? [] : readJournalFrom(repo.commonDir, session, journal).parsed.records;
}

/** Whether memory was written that the seal does not hold. Other records alone are no reason to sign again. */
export function storedSince(repo: Repo, state: Sealed): boolean {
  return lateRecords(repo, state).some(isWritten);
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

/** Runs `act` while no checkpoint may move a session's branch or index, with what a killed one left settled first. */
export function underLock<T>(repo: Repo, act: () => Promise<T>): Promise<T> {
  const settled = async () => {
    await settleCheckpoint(repo);
    return act();
  };
  return withLock(repo.commonDir, 'checkpoint', settled, { timeoutMs: 60_000 });
}

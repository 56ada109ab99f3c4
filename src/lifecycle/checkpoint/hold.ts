/** Keeping checkpoints still while something else moves a session's branch. */

import { stateError } from '../../core/errors.ts';
import type { Repo } from '../../git/run.ts';
import { withLock } from '../../store/lock.ts';
import { drain } from './drain.ts';
import { recover } from './recover.ts';

const PATIENCE_MS = 10_000;

/** Settles what a killed checkpoint left, which may move the branch; the caller holds its lock. Throws (exit 1) where it has to wait. */
async function settleCheckpoint(repo: Repo): Promise<void> {
  const why = await recover(repo, PATIENCE_MS);
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
export async function holdCheckpoints<T>(repo: Repo, act: () => Promise<T>): Promise<T> {
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

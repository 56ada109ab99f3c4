/** Where one run of checks works: a private folder with the checked tree in it, gone afterwards whatever happens. */

import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { personError, stateError } from '../../core/errors.ts';
import { addDetachedWorktree, forgetWorktree } from '../../git/checkout-tree.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import { type Lock, tryLock, withLock } from '../../store/lock.ts';
import { privateRoot, removeTree } from './place.ts';
import { endStragglers } from './processes.ts';

export interface Workspace {
  /** The checked-out tree. Its path is the same in every run of this clone that has the slot: a virtual environment holds its own path. */
  tree: string;
  /** The commands' folder for temporary files. */
  tmp: string;
  /** Beside the tree, and never named to a command. */
  aside: string;
  /** Folders of the repository, whose programs must not be on a check's PATH. */
  outside: string[];
  /** Aborted when the person or the system asks us to stop. */
  abort: AbortSignal;
  /** Puts a commit on disk afresh: what an earlier command left there is gone, temporary files too. */
  checkout(commit: string): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const MOST_RUNS = 32;

/** Runs `use` with a workspace. It is removed when `use` is done or fails, on a signal (which then ends us), and at exit. */
export async function withWorkspace<T>(repo: Repo, use: (workspace: Workspace) => Promise<T>): Promise<T> {
  const outside = [repo.commonDir, ...(await readWorktrees(repo)).map((row) => row.path)];
  const { dir, lock } = claim(repo, privateRoot(outside));
  const tree = join(dir, 'tree');
  const tmp = join(dir, 'tmp');
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => stop.abort(signal);
  const onExit = () => removeTree(dir);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.once('exit', onExit);
  // Adding and removing worktrees at once is racy in git itself.
  const alone = <R>(act: () => Promise<R>) => withLock(repo.commonDir, 'worktrees', act, { timeoutMs: 120_000 });
  const clear = async () => {
    endStragglers(tmp);
    removeTree(tree);
    removeTree(tmp);
    await alone(() => forgetWorktree(repo, tree));
  };
  const checkout = async (commit: string) => {
    await clear();
    mkdirSync(tmp, { mode: 0o700 });
    await alone(() => addDetachedWorktree(repo, tree, commit));
  };
  try {
    // A run that was killed may have left its folder and processes in this slot.
    await clear();
    removeTree(dir);
    mkdirSync(dir, { mode: 0o700 });
    return await use({ tree, tmp, aside: join(dir, 'aside'), outside, abort: stop.signal, checkout });
  } finally {
    try {
      await clear();
      removeTree(dir);
    } finally {
      lock.release();
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off('exit', onExit);
      if (stop.signal.aborted) await endAs(stop.signal.reason as NodeJS.Signals);
    }
  }
}

/** The first slot of this clone that no living run holds, and its folder. */
function claim(repo: Repo, root: string): { dir: string; lock: Lock } {
  const clone = createHash('sha256').update(repo.commonDir).digest('hex').slice(0, 10);
  for (let slot = 0; slot < MOST_RUNS; slot++) {
    const lock = tryLock(repo.commonDir, `checks-${slot}`);
    if (lock) return { dir: join(root, `checks-${clone}-${slot}`), lock };
  }
  throw stateError({ what: `${MOST_RUNS} runs of checks are going on in this repository.`, next: 'Wait for one of them to end.' });
}

/** Ends this process by the signal that asked for it, now that everything is cleared away. */
async function endAs(signal: NodeJS.Signals): Promise<never> {
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 100));
  throw personError({ what: 'The checks were interrupted.', next: 'Run them again when you are ready.' });
}

/** Where one run of checks works: a private folder with the checked tree in it, gone afterwards whatever happens. */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { personError, stateError } from '../../core/errors.ts';
import { addDetachedWorktree, forgetWorktree } from '../../git/checkout-tree.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import { type Lock, tryLock, withLock } from '../../store/lock.ts';
import { isInside, privateRoot, removeTree } from './place.ts';
import { endStragglers } from './processes.ts';

export interface Workspace {
  /** The checked-out tree, at one path during the run: a virtual environment holds its own path. */
  tree: string;
  /** The commands' folder for temporary files. */
  tmp: string;
  /** Beside the tree, and never named to a command. */
  aside: string;
  /** Folders of the repository, whose programs must not be on a check's PATH. */
  outside: string[];
  /** Aborted when the person or the system asks us to stop. */
  abort: AbortSignal;
  /** Puts a commit on disk afresh: what an earlier command left there or in a folder above it is gone, temporary files too. */
  checkout(commit: string): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const MOST_RUNS = 32;

export interface WorkspaceOptions {
  /** The tree lies at the path that other runs of this clone use too, so that a stored set-up which holds its path may stand in. Else at a new one. */
  samePath: boolean;
}

/** Runs `use` with a workspace. It is removed when `use` is done or fails, on a signal (which then ends us), and at exit. */
export async function withWorkspace<T>(repo: Repo, { samePath }: WorkspaceOptions, use: (workspace: Workspace) => Promise<T>): Promise<T> {
  const linked = (await readWorktrees(repo)).map((row) => row.path);
  const outside = [repo.commonDir, ...linked];
  const root = privateRoot(outside);
  const { dir, lock } = claim(repo, root);
  const aside = join(dir, 'aside');
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => stop.abort(signal);
  const onExit = () => removeTree(dir);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.once('exit', onExit);
  // Adding and removing worktrees at once is racy in git itself.
  const alone = <R>(act: () => Promise<R>) => withLock(repo.commonDir, 'worktrees', act, { timeoutMs: 120_000 });
  const clear = async (tree: string) => {
    endStragglers(join(dirname(tree), 'tmp'));
    removeTree(tree);
    await alone(() => forgetWorktree(repo, tree));
  };
  let tree: string | null = null;
  try {
    // A run that was killed may have left its folder, worktree and processes in this slot.
    for (const path of linked.filter((one) => isInside(dir, one))) await clear(path);
    removeTree(dir);
    mkdirSync(dir, { mode: 0o700 });
    const home = samePath ? join(dir, 'same') : mkdtempSync(join(dir, 'run-'));
    const place = join(home, 'tree');
    const tmp = join(home, 'tmp');
    tree = place;
    const checkout = async (commit: string) => {
      await clear(place);
      clearRoot(root);
      for (const name of readdirSync(dir)) if (join(dir, name) !== aside) removeTree(join(dir, name));
      mkdirSync(tmp, { mode: 0o700, recursive: true });
      await alone(() => addDetachedWorktree(repo, place, commit));
    };
    return await use({ tree, tmp, aside, outside, abort: stop.signal, checkout });
  } finally {
    try {
      if (tree !== null) await clear(tree);
      removeTree(dir);
      clearRoot(root);
    } finally {
      lock.release();
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off('exit', onExit);
      if (stop.signal.aborted) await endAs(stop.signal.reason as NodeJS.Signals);
    }
  }
}

/** The first slot of this clone that no living run holds, and its folder. Locks lie beside the folders, so that other clones' runs see them too. */
function claim(repo: Repo, root: string): { dir: string; lock: Lock } {
  const clone = createHash('sha256').update(repo.commonDir).digest('hex').slice(0, 10);
  for (let slot = 0; slot < MOST_RUNS; slot++) {
    const name = `checks-${clone}-${slot}`;
    const lock = tryLock(root, name);
    if (lock) return { dir: join(root, name), lock };
  }
  throw stateError({ what: `${MOST_RUNS} runs of checks are going on in this repository.`, next: 'Wait for one of them to end.' });
}

const LOCKS = 'git-session';

/** Removes what no living run owns from the folder of all runs: a check may have left something above its tree, which another would find. */
function clearRoot(root: string): void {
  for (const name of readdirSync(root)) {
    if (name === LOCKS) continue;
    if (!/^checks-[0-9a-f]{10}-\d{1,2}$/.test(name)) removeTree(join(root, name));
    else {
      const lock = tryLock(root, name);
      if (lock) {
        removeTree(join(root, name));
        lock.release();
      }
    }
  }
}

/** Ends this process by the signal that asked for it, now that everything is cleared away. */
async function endAs(signal: NodeJS.Signals): Promise<never> {
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 100));
  throw personError({ what: 'The checks were interrupted.', next: 'Run them again when you are ready.' });
}

/** Where one run of checks works: a private folder with the checked tree in it (several times, where checks run side by side), gone afterwards whatever happens. */

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

/** One place for a tree, and what all places of a run share. */
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
  /** Puts a commit on disk afresh: what an earlier command left in this place or in a folder above it is gone, temporary files too. */
  checkout(commit: string): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const MOST_RUNS = 32;

export interface WorkspaceOptions {
  /** The tree lies at the path that other runs of this clone use too, so that a stored set-up which holds its path may stand in. Else at a new one. */
  samePath: boolean;
  /** How many trees are needed at once; 1 when left out. */
  places?: number;
  /** Aborts the run. */
  signal?: AbortSignal | undefined;
}

/** Runs `use` with the places asked for. They are removed when `use` is done or fails, on a signal (which then ends us), and at exit. */
export async function withWorkspace<T>(
  repo: Repo,
  { samePath, places = 1, signal }: WorkspaceOptions,
  use: (places: [Workspace, ...Workspace[]]) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const linked = (await readWorktrees(repo)).map((row) => row.path);
  const outside = [repo.commonDir, ...linked];
  const root = privateRoot(outside);
  const { dir, lock } = claim(repo, root);
  const aside = join(dir, 'aside');
  const stop = new AbortController();
  let ended: NodeJS.Signals | null = null;
  const onSignal = (name: NodeJS.Signals) => {
    ended = name;
    stop.abort(name);
  };
  const onAbort = () => stop.abort(signal?.reason);
  const onExit = () => removeTree(dir);
  for (const name of SIGNALS) process.on(name, onSignal);
  signal?.addEventListener('abort', onAbort, { once: true });
  process.once('exit', onExit);
  // Adding and removing worktrees at once is racy in git itself.
  const alone = <R>(act: () => Promise<R>) => withLock(repo.commonDir, 'worktrees', act, { timeoutMs: 120_000 });
  const clear = async (tree: string) => {
    endStragglers(join(dirname(tree), 'tmp'));
    removeTree(tree);
    await alone(() => forgetWorktree(repo, tree));
  };
  const homes: string[] = [];
  const place = (home: string): Workspace => {
    const [tree, tmp] = [join(home, 'tree'), join(home, 'tmp')];
    const checkout = async (commit: string) => {
      await clear(tree);
      clearRoot(root);
      removeTree(home);
      const known = [aside, ...homes];
      for (const name of readdirSync(dir)) if (!known.includes(join(dir, name))) removeTree(join(dir, name));
      mkdirSync(tmp, { mode: 0o700, recursive: true });
      await alone(() => addDetachedWorktree(repo, tree, commit));
    };
    return { tree, tmp, aside, outside, abort: stop.signal, checkout };
  };
  try {
    // A run that was killed may have left its folder, worktrees and processes in this slot.
    for (const path of linked.filter((one) => isInside(dir, one))) await clear(path);
    removeTree(dir);
    mkdirSync(dir, { mode: 0o700 });
    for (let n = 0; n < places; n++) homes.push(samePath ? join(dir, `same${n || ''}`) : mkdtempSync(join(dir, 'run-')));
    return await use(homes.map(place) as [Workspace, ...Workspace[]]);
  } finally {
    try {
      for (const home of homes) await clear(join(home, 'tree'));
      removeTree(dir);
      clearRoot(root);
    } finally {
      lock.release();
      for (const name of SIGNALS) process.off(name, onSignal);
      signal?.removeEventListener('abort', onAbort);
      process.off('exit', onExit);
      if (ended !== null) await endAs(ended);
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

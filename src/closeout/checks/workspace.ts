/** Where one run of checks works: a private folder with the checked tree in it, gone afterwards whatever happens. */

import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { personError } from '../../core/errors.ts';
import { addWorktree, forgetWorktree } from '../../git/checkout-tree.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import { privateRoot, removeTree } from './place.ts';

export interface Workspace {
  /** The checked-out tree; always at the same path within a run. */
  tree: string;
  /** The commands' folder for temporary files. */
  tmp: string;
  /** Folders of the repository, whose programs must not be on a check's PATH. */
  outside: string[];
  /** Aborted when the person or the system asks us to stop. */
  abort: AbortSignal;
  /** Puts a commit on disk afresh: what an earlier check left there is gone, temporary files too. */
  checkout(commit: string): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `use` with a workspace. It is removed when `use` is done or fails, on a signal (which then ends us), and at exit. */
export async function withWorkspace<T>(repo: Repo, use: (workspace: Workspace) => Promise<T>): Promise<T> {
  const outside = [repo.commonDir, ...(await readWorktrees(repo)).map((row) => row.path)];
  const dir = mkdtempSync(join(privateRoot(outside), 'checks-'));
  const tree = join(dir, 'tree');
  const tmp = join(dir, 'tmp');
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => stop.abort(signal);
  const onExit = () => removeTree(dir);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.once('exit', onExit);
  const clear = async () => {
    removeTree(tree);
    removeTree(tmp);
    await forgetWorktree(repo, tree);
  };
  const checkout = async (commit: string) => {
    await clear();
    mkdirSync(tmp, { mode: 0o700 });
    await addWorktree(repo, tree, commit);
  };
  try {
    return await use({ tree, tmp, outside, abort: stop.signal, checkout });
  } finally {
    await clear();
    removeTree(dir);
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('exit', onExit);
    if (stop.signal.aborted) {
      process.kill(process.pid, stop.signal.reason as NodeJS.Signals);
      // biome-ignore lint/correctness/noUnsafeFinally: an interrupted run has no result
      throw personError({ what: 'The checks were interrupted.' });
    }
  }
}

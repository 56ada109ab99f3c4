/** Putting a tree on disk outside the repository, in a linked worktree, and taking it away again. */

import { existsSync } from 'node:fs';
import { withoutHooks } from './configured-hooks.ts';
import { ask, type Repo, runGit } from './run.ts';

/** Nobody's identity and no clock: the same tree and parents give the same commit, so that repeating leaves no new objects. */
const SCRATCH = {
  GIT_AUTHOR_NAME: 'git-session',
  GIT_AUTHOR_EMAIL: 'git-session@localhost',
  GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'git-session',
  GIT_COMMITTER_EMAIL: 'git-session@localhost',
  GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
};

/** The whole tree even where the person's checkout is sparse. */
const WHOLE = ['-c', 'core.sparseCheckout=false'];

/** An unsigned commit of a tree that no ref names. Returns its id. */
export function scratchCommit(repo: Repo, tree: string, parents: string[], message = 'The checked tree'): Promise<string> {
  const from = parents.flatMap((parent) => ['-p', parent]);
  return ask(repo, ['commit-tree', '--no-gpg-sign', ...from, '-m', message, tree], { env: SCRATCH });
}

/** Checks a commit out, detached, in a new linked worktree at `path`; no hook runs. Call it under a lock: git's own is racy here. */
export async function addDetachedWorktree(repo: Repo, path: string, commit: string): Promise<void> {
  await runGit(await withoutHooks(repo), [...WHOLE, 'worktree', 'add', '--quiet', '--force', '--detach', path, commit]);
}

/** Makes git forget a linked worktree whose folder is gone. Fine where git does not know it. Call it under the same lock. */
export async function forgetWorktree(repo: Repo, path: string): Promise<void> {
  if (existsSync(path)) throw new TypeError(`${path} must be removed first`);
  await runGit(repo, ['worktree', 'remove', '--force', '--force', path], { ok: [0, 128] });
}

/** Linked worktrees. */

import { type Repo, runGit } from './run.ts';

/** A new worktree at `path` with an existing branch checked out. Throws GitError; git cleans up what it began. */
export async function addWorktree(repo: Repo, path: string, branch: string): Promise<void> {
  await runGit(repo, ['worktree', 'add', '--quiet', '--no-guess-remote', '--', path, branch]);
}

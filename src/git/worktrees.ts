/** Linked worktrees. */

import { type Repo, runGit } from './run.ts';

/** A new worktree at `path` with an existing branch checked out. Throws GitError; git cleans up what it began. */
export async function addWorktree(repo: Repo, path: string, branch: string): Promise<void> {
  await runGit(repo, ['worktree', 'add', '--quiet', '--no-guess-remote', '--', path, branch]);
}

/** Takes a clean linked worktree away; false where git refuses because something in it is not committed. */
export async function removeWorktree(repo: Repo, path: string): Promise<boolean> {
  return (await runGit(repo, ['worktree', 'remove', '--', path], { ok: [0, 128] })).code === 0;
}

/** Paths in a worktree that git ignores, folders as one path with a slash behind. */
export async function ignoredPaths(repo: Repo): Promise<string[]> {
  const { out } = await runGit(repo, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']);
  return out.split('\0').filter(Boolean);
}

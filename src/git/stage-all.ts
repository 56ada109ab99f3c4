/** Everything that a worktree holds and git does not ignore, staged: for taking it out of the worktree, and back. */

import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ask, type Repo, runGit } from './run.ts';

/** Copies the index aside; the function that is returned puts it back. */
export function keepIndex({ gitDir }: Repo): () => void {
  const [index, side] = [join(gitDir, 'index'), join(gitDir, 'git-session-index')];
  const there = existsSync(index);
  if (there) copyFileSync(index, side);
  return () => (there ? renameSync(side, index) : rmSync(index, { force: true }));
}

/** The tree of the index. Throws GitError where paths are unmerged. */
export function indexTree(repo: Repo): Promise<string> {
  return ask(repo, ['write-tree']);
}

/** Stages every change and every untracked file, and returns the tree of it all. Throws GitError where one cannot be read. */
export async function stageAll(repo: Repo): Promise<string> {
  await runGit(repo, ['-c', 'advice.addEmbeddedRepo=false', 'add', '--all', '--', '.']);
  return indexTree(repo);
}

/** Paths at which the second tree names another repository's commit and the first does not: that repository's files are in neither. */
export async function nestedIn(repo: Repo, before: string, after: string): Promise<string[]> {
  const { out } = await runGit(repo, ['diff-tree', '-r', '-z', '--raw', '--no-renames', before, after]);
  const fields = out.split('\0');
  return fields.flatMap((field, n) => (/^:\d+ 160000 /.test(field) ? [fields[n + 1] ?? ''] : []));
}

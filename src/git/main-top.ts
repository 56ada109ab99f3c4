/** Where the main worktree is, for repositories whose git dir lies elsewhere: a submodule's, or one made with --separate-git-dir. */

import { resolve } from 'node:path';
import { askOrNull, type Repo } from './run.ts';

/**
 * The path of a worktree as git lists it, made right: for the main worktree of a submodule git names the git dir.
 * One process, in a linked worktree of such a repository only; where nothing tells, it stays as it is listed.
 */
export async function realTop(repo: Repo, listed: string): Promise<string> {
  if (listed !== repo.commonDir) return listed;
  if (repo.gitDir === repo.commonDir) return repo.top;
  const set = await askOrNull(repo, ['config', '--file', resolve(repo.commonDir, 'config'), '--get', 'core.worktree']);
  return set === null ? listed : resolve(repo.commonDir, set);
}

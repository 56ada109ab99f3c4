/** Questions whose answer must not depend on the attributes and settings of one clone. */

import type { Repo, RunOptions } from './run.ts';

/**
 * Arguments for runGit or runBytes that make git see no attributes: attribute files are looked for below the current folder,
 * and the git dir has none. Only `info/attributes`, which is this clone's own, still counts.
 */
export function withoutAttributes(repo: Repo, args: string[], options: RunOptions = {}): [Repo, string[], RunOptions] {
  const env = { ...options.env, GIT_DIR: repo.gitDir, GIT_WORK_TREE: repo.gitDir, GIT_ATTR_NOSYSTEM: '1' };
  return [{ ...repo, explicit: false }, ['-c', 'core.attributesFile=/dev/null', ...args], { ...options, cwd: repo.gitDir, env }];
}

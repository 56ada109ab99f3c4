/** The environment of a child git. Hot path: no npm package. */

import { PLAIN_PATHSPECS } from '../core/pathspecs.ts';

/**
 * Variables that bind git to one repository (`git rev-parse --local-env-vars`), less those that carry `git -c`
 * configuration, which must reach every git of the same repository.
 */
export const LOCAL = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

/** The caller's environment, less what binds it to another repository. */
export function gitEnv(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of LOCAL) delete env[name];
  return { ...env, ...PLAIN_PATHSPECS, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', ...extra };
}

/** The hook's one door to git: synchronous, in the hook's own repository and index. node:child_process is loaded on first use only. */

import { PLAIN_PATHSPECS } from '../core/pathspecs.ts';

/**
 * Standard output of git, or null where it does not exit with 0 or says more than `maxBuffer` bytes (256 MB). The environment stays as git set it for the hook, GIT_INDEX_FILE and
 * GIT_DIR included: with `commit -a` and `commit -- path` the index of the commit is another file than `.git/index`.
 */
export function askGit(args: string[], options: { cwd: string; input?: string; maxBuffer?: number }): Buffer | null {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const result = spawnSync('git', ['--literal-pathspecs', ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...PLAIN_PATHSPECS, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    maxBuffer: options.maxBuffer ?? 256 << 20,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  return result.status === 0 ? result.stdout : null;
}

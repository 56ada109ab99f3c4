/** The text of a diff as git writes it, streamed. */

import { withoutAttributes } from './attributes.ts';
import { type Repo, startGit } from './run.ts';

/**
 * A running git that writes the diff of one path between two commits: no colour, no rename detection, no attributes (a session could call
 * its own files binary in them), no external driver. Whoever reads it ends it.
 */
export function startDiff(repo: Repo, { from, to, path }: { from: string; to: string; path: string }) {
  const args = ['diff-tree', '-r', '-p', '--no-renames', '--no-color', '--no-ext-diff', '--no-textconv', from, to, '--', path];
  const [there, line, { env = {}, cwd = repo.top }] = withoutAttributes(repo, args);
  const child = startGit({ ...there, top: cwd, env: { ...there.env, ...env } }, line);
  child.stdin.end();
  return child;
}

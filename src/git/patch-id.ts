/** What a change comes to, whatever it was applied to. */

import { withoutAttributes } from './attributes.ts';
import { type Repo, runBytes, runGit } from './run.ts';

const DIFF = [
  ...['diff-tree', '-p', '-r', '-U3', '--no-renames', '--full-index'],
  ...['--no-ext-diff', '--no-textconv', '--no-color', '--diff-algorithm=myers'],
];

/**
 * `git patch-id --verbatim` (which is stable too, and refuses `--stable` beside it) of the change between two trees or commits;
 * null for no change, or where git is too old to know it (before 2.39).
 * Binary files count by their blob ids; attributes and settings of the clone do not count.
 */
export async function patchId(repo: Repo, from: string, to: string): Promise<string | null> {
  const patch = await runBytes(...withoutAttributes(repo, [...DIFF, from, to]));
  if (patch.length === 0) return null;
  const named = await runGit(repo, ['patch-id', '--verbatim'], { input: patch, ok: [0, 129] });
  return named.code === 0 ? (named.out.split(' ')[0] ?? null) : null;
}

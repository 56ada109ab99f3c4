/** Files of a commit by what is in them. */

import { askOrNull, type Repo } from './run.ts';

/** Paths of files at `treeish` that hold the text, among those that the pathspecs match; none where there is no such commit. One process. */
export async function filesWith(repo: Repo, treeish: string, text: string, pathspecs: readonly string[]): Promise<string[]> {
  const how = ['-l', '-z', '-a', '-F', '--full-name', '--no-textconv', '--no-color', '--no-recurse-submodules'];
  const out = await askOrNull(repo, ['grep', ...how, '-e', text, treeish, '--', ...pathspecs], { globs: true });
  return (out ?? '').split('\0').flatMap((row) => (row === '' ? [] : [row.slice(treeish.length + 1)]));
}

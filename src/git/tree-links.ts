/** Links in the trees of commits: where a path leads that goes through one. */

import { posix } from 'node:path';
import { readAt } from './objects.ts';
import { ask, type Repo } from './run.ts';

/** Links that lead to links are followed no further than git does. */
const MOST = 40;

/**
 * Where each path of a commit or tree leads, itself where no link is on its way: a folder or file that a link stands for is found in its place.
 * Null where it leads out of the tree, through a file or into a submodule, or around in a circle. What leads to nothing is where it would be.
 */
export async function followLinks(repo: Repo, treeish: string, paths: readonly string[]): Promise<Map<string, string | null>> {
  const modes = await modesAt(repo, treeish, paths.flatMap(steps));
  const found = new Map<string, string | null>();
  for (const path of paths) found.set(path, await follow(repo, treeish, path, modes, MOST));
  return found;
}

async function follow(repo: Repo, treeish: string, path: string, modes: ReadonlyMap<string, string>, left: number): Promise<string | null> {
  const step = steps(path).find((one) => modes.has(one) && modes.get(one) !== FOLDER);
  if (step === undefined || (step === path && modes.get(step) !== LINK && modes.get(step) !== SUBMODULE)) return path;
  if (modes.get(step) !== LINK || left === 0) return null;
  const target = (await readAt(repo, treeish, step)) ?? '';
  const next = posix.join(posix.dirname(step), target, path.slice(step.length));
  if (target.startsWith('/') || next === '..' || next.startsWith('../')) return null;
  return follow(repo, treeish, next, await modesAt(repo, treeish, steps(next)), left - 1);
}

const FOLDER = '040000';
const LINK = '120000';
/** The mode of a submodule. */
export const SUBMODULE = '160000';

/** `a`, `a/b` and `a/b/c` of `a/b/c`. */
const steps = (path: string): string[] => path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));

/** The modes of what the tree holds of these paths. */
export async function modesAt(repo: Repo, treeish: string, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const out = await ask(repo, ['ls-tree', '-z', '--full-tree', treeish, '--', ...new Set(paths)]);
  const rows = out.split('\0').filter(Boolean);
  return new Map(rows.map((row) => [row.slice(row.indexOf('\t') + 1), row.slice(0, 6)]));
}

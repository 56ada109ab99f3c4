/** What a tree or an index holds at given paths. */

import type { Entry, FileMode } from '../core/session/checkpoint.ts';
import { statMany } from './batch.ts';
import { ask, type Repo } from './run.ts';

/** Bytes of paths given to one process: far below the limit of a command line. */
const ARGUMENT_BYTES = 60_000;

/** Paths in groups that fit on a command line. */
function inArguments(paths: readonly string[]): string[][] {
  const groups: string[][] = [];
  let size = 0;
  for (const path of paths) {
    size += Buffer.byteLength(path) + 1;
    if (groups.length === 0 || size > ARGUMENT_BYTES) {
      groups.push([]);
      size = Buffer.byteLength(path) + 1;
    }
    groups.at(-1)?.push(path);
  }
  return groups;
}

/** Every path with what the commit or tree holds there: a file, or null (nothing, a folder, a submodule). */
export async function entriesAt(repo: Repo, treeish: string, paths: readonly string[]): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>(paths.map((path) => [path, null]));
  for (const group of inArguments([...found.keys()])) {
    const out = await ask(repo, ['ls-tree', '-z', '--full-tree', treeish, '--', ...group]);
    for (const row of out.split('\0')) {
      const tab = row.indexOf('\t');
      const [mode = '', type = '', oid = ''] = row.slice(0, tab).split(' ');
      if (type === 'blob') found.set(row.slice(tab + 1), { oid, mode: mode as FileMode });
    }
  }
  return found;
}

/** git compares each file of the index with each path that it is asked for: more than so many take longer than the whole index does. */
const FEW = 20;

/** What to ask of an index so that the answer has these paths: they themselves, or everything. */
const askedFor = (paths: readonly string[]) => (paths.length > FEW ? [] : paths);

/** Of these paths, the ones that the index of this worktree holds otherwise than the commit does: staged by somebody, or unmerged. */
export async function stagedAmong(repo: Repo, commit: string, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const args = ['diff-index', '--cached', '-z', '--name-only', '--no-renames', commit, '--', ...askedFor(paths)];
  const out = await ask(repo, args);
  const wanted = new Set(paths);
  return new Set(out.split('\0').filter((path) => wanted.has(path)));
}

/** Every path with what the index of this worktree holds there; null where nothing, or an unmerged file. */
export async function indexEntries(repo: Repo, paths: readonly string[]): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>(paths.map((path) => [path, null]));
  if (found.size === 0) return found;
  const out = await ask(repo, ['ls-files', '--stage', '-z', '--', ...askedFor([...found.keys()])]);
  for (const row of out.split('\0')) {
    const tab = row.indexOf('\t');
    const path = row.slice(tab + 1);
    if (!found.has(path)) continue;
    const [mode = '', oid = '', stage = ''] = row.slice(0, tab).split(' ');
    if (stage === '0') found.set(path, { oid, mode: mode as FileMode });
  }
  return found;
}

/** Those of the folders (no trailing slash) that exist in a commit or tree, that is, hold tracked files. One may lie in another. */
export async function foldersAt(repo: Repo, treeish: string, dirs: readonly string[]): Promise<Set<string>> {
  // Not ls-tree: where it is asked for `src` and `src/core`, it leaves `src` out.
  const objects = await statMany(
    repo,
    dirs.map((dir) => `${treeish}:${dir}`),
  );
  return new Set(dirs.filter((dir, n) => dir !== '' && objects[n]?.type === 'tree'));
}

/** Path and blob of every file below folders (with a slash behind) or at paths of a commit or tree. */
export async function blobsBelow(repo: Repo, treeish: string, paths: readonly string[]): Promise<[path: string, oid: string][]> {
  const out = await ask(repo, ['ls-tree', '-r', '-z', '--full-tree', treeish, '--', ...paths]);
  return out.split('\0').flatMap((row): [string, string][] => {
    const tab = row.indexOf('\t');
    const [, type, oid = ''] = row.slice(0, tab).split(' ');
    return type === 'blob' ? [[row.slice(tab + 1), oid]] : [];
  });
}

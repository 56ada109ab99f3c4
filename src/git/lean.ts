/** The few questions that a fast command may ask git without loading execa: one synchronous process each. Hot path: no npm package. */

import { gitEnv } from './env.ts';
import type { Located } from './locate.ts';

/** Standard output of git in that repository, or null where it does not exit with 0. */
function askSync(place: Located, args: string[], input?: string): string | null {
  // Loaded when git is asked: most calls of a fast command ask nothing, and the module costs 3 ms.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const base = [`--git-dir=${place.gitDir}`, `--work-tree=${place.top}`, '--no-replace-objects', '--literal-pathspecs'];
  const result = spawnSync('git', [...base, ...args], {
    cwd: place.top,
    env: gitEnv(),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    ...(input === undefined ? {} : { input }),
  });
  return result.status === 0 ? result.stdout : null;
}

/** Files below a folder of a commit or tree; none where either does not exist. */
export function filesBelow(place: Located, treeish: string, folder: string): { path: string; oid: string }[] {
  const out = askSync(place, ['ls-tree', '-r', '-z', '--full-tree', treeish, '--', `${folder}/`]) ?? '';
  return out
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const tab = row.indexOf('\t');
      return { path: row.slice(tab + 1), oid: row.slice(0, tab).split(' ')[2] ?? '' };
    });
}

/** A blob's text by id, or null. */
export function blobText(place: Located, oid: string): string | null {
  return askSync(place, ['cat-file', 'blob', oid]);
}

/** Writes a file of the working tree as the blob that a commit would hold (filters apply), or null where it cannot be read. */
export function storeFile(place: Located, path: string): string | null {
  return askSync(place, ['hash-object', '-w', '--', path])?.trim() ?? null;
}

/** Writes a blob as it is, or null where that fails. */
export function storeText(place: Located, text: string): string | null {
  return askSync(place, ['hash-object', '-w', '--stdin'], text)?.trim() ?? null;
}

/** True where the commit or tree holds something at the path. */
export function holdsPath(place: Located, treeish: string, path: string): boolean {
  return Boolean(askSync(place, ['ls-tree', '-z', '--full-tree', treeish, '--', path]));
}

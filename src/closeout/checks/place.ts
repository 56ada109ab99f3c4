/** The private folder outside the repository in which checks run, and its removal. */

import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { stateError } from '../../core/errors.ts';

/** True where `path` is `top` or lies below it. Both absolute. */
export function isInside(top: string, path: string): boolean {
  const way = relative(top, resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** `path` below `tree` on disk; null where a step of it goes up or is a link, which could lead out. What is missing is fine. */
export function placeIn(tree: string, path: string): string | null {
  let at = tree;
  for (const step of path.split('/').slice(0, -1)) {
    at = join(at, step);
    if (step === '..' || lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) return null;
  }
  const place = join(tree, path);
  return place !== tree && isInside(tree, place) ? place : null;
}

/**
 * `<temporary folder>/git-session-<uid>`, ours alone (0700), outside every folder of `away`. Throws (exit 1) where no
 * temporary folder lies outside the repository: inside one, a check would find the repository's own modules.
 */
export function privateRoot(away: string[]): string {
  for (const base of [tmpdir(), '/tmp', '/var/tmp']) {
    if (!existsSync(base)) continue;
    const real = realpathSync(base);
    if (away.some((top) => isInside(top, real))) continue;
    const root = join(real, `git-session-${userInfo().uid}`);
    // Somebody else's folder of that name is not used; an own one is made under a name that nobody could know.
    return ours(root) ? root : mkdtempSync(`${root}-`);
  }
  throw stateError({
    what: 'Checks have no place to run in.',
    why: 'They run outside the repository, and the folder for temporary files lies inside it.',
    next: 'Set TMPDIR to a folder outside the repository.',
  });
}

function ours(path: string): boolean {
  mkdirSync(path, { mode: 0o700, recursive: true });
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== userInfo().uid) return false;
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return true;
}

/** Removes a folder and all below it, also where a check left folders that may not be written. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 2 });
  } catch {
    openFolders(path);
    rmSync(path, { recursive: true, force: true, maxRetries: 2 });
  }
}

function openFolders(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openFolders(join(path, name));
}

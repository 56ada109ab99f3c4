/** The private folder outside the repository in which checks run, and its removal. */

import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
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
 * `<temporary folder>/git-session-checks-<uid>`, ours alone (0700), outside every folder of `away`, and where there is a choice
 * not below folders with modules of their own, which Node would find. Throws (exit 1) where every temporary folder lies
 * inside the repository: there a check would find the repository's modules.
 */
export function privateRoot(away: string[]): string {
  const bases = [tmpdir(), '/tmp', '/var/tmp']
    .filter((base) => existsSync(base))
    .map((base) => realpathSync(base))
    .filter((base) => !away.some((top) => isInside(top, base)));
  const base = bases.find((one) => !modulesAbove(one)) ?? bases[0];
  if (base === undefined) {
    throw stateError({
      what: 'Checks have no place to run in.',
      why: 'They run outside the repository, and the folder for temporary files lies inside it.',
      next: 'Set TMPDIR to a folder outside the repository.',
    });
  }
  const root = join(base, `git-session-checks-${userInfo().uid}`);
  // Somebody else's folder of that name is not used; an own one is made under a name that nobody could know.
  const own = ours(root) ? root : mkdtempSync(`${root}-`);
  for (const name of FOUND_FROM_BELOW) removeTree(join(own, name));
  return own;
}

/** What Node looks for in every folder above a file. */
const FOUND_FROM_BELOW = ['node_modules', 'package.json'];

function modulesAbove(path: string): boolean {
  const here = FOUND_FROM_BELOW.some((name) => existsSync(join(path, name)));
  return here || (dirname(path) !== path && modulesAbove(dirname(path)));
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

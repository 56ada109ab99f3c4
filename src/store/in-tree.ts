/** Writing into a working tree without leaving it: agents can put links there. Node built-ins only. */

import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';
import { writeAtomic } from './files.ts';

/** Makes a folder (relative to the top) and those above it; the path of the first that is a link or a file, else null. */
export function foldersInTree(top: string, folder: string): string | null {
  const parts = folder === '.' ? [] : folder.split('/');
  for (let n = 1; n <= parts.length; n++) {
    const path = parts.slice(0, n).join('/');
    const stat = lstatSync(join(top, path), { throwIfNoEntry: false });
    if (!stat) mkdirSync(join(top, path), { recursive: true });
    else if (!stat.isDirectory()) return path;
  }
  return null;
}

/** As foldersInTree. Throws (exit 1) where one is a link or a file. */
export function makeFolders(top: string, folder: string): void {
  const wrong = foldersInTree(top, folder);
  if (wrong === null) return;
  throw stateError({
    what: `${oneLine(wrong)} is no folder of this working tree, so nothing is written there.`,
    why: 'A link in its place leads elsewhere.',
    next: `Look at it with: ls -ld -- '${oneLine(wrong)}'`,
  });
}

/** Whether every folder on the way to a path is a real one. */
export function isReached(top: string, path: string): boolean {
  for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) {
    if (lstatSync(join(top, dir), { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  }
  return true;
}

/** Replaces a file of the tree, a link there included: what a link points at stays as it is. Throws (exit 1) as makeFolders. */
export function replaceFile(top: string, path: string, content: string): void {
  makeFolders(top, dirname(path));
  writeAtomic(join(top, path), content);
}

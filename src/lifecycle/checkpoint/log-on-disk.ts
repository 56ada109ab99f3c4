/** The session's log file in the working tree, kept equal to what a checkpoint has committed, so that `git status` stays quiet. */

import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { foldersInTree } from '../../store/in-tree.ts';

/**
 * Writes the content to `<top>/<path>` in place (no temporary file is left in anybody's tree): where the file begins the content, only the
 * rest is appended. Nothing is written where a part of the path is no real folder: a link there would lead out of the tree.
 */
export function bringToDisk(top: string, path: string, content: Buffer): void {
  if (foldersInTree(top, dirname(path)) !== null) return;
  let fd: number;
  try {
    fd = openSync(join(top, path), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
  } catch (error) {
    // A link or a folder stands there: git shows it, and closeout does not read it.
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ELOOP' || code === 'EISDIR') return;
    throw error;
  }
  try {
    const { size } = fstatSync(fd);
    const keeps = size <= content.length && begins(fd, size, content);
    if (!keeps) ftruncateSync(fd, 0);
    for (let at = keeps ? size : 0; at < content.length; ) at += writeSync(fd, content, at, content.length - at, at);
  } finally {
    closeSync(fd);
  }
}

/** Takes back what bringToDisk has done or begun, where nobody has changed the file since: `before` are the bytes that stood there, null: no file. */
export function takeFromDisk(top: string, path: string, content: Buffer, before: number | null): void {
  if (foldersInTree(top, dirname(path)) !== null) return;
  const full = join(top, path);
  const there = lstatSync(full, { throwIfNoEntry: false })?.isFile() ? readFileSync(full) : null;
  if (there === null || there.length > content.length || !there.equals(content.subarray(0, there.length))) return;
  if (before === null) rmSync(full);
  else if (there.length > before) truncateSync(full, before);
}

function begins(fd: number, size: number, content: Buffer): boolean {
  const there = Buffer.alloc(size);
  return readSync(fd, there, 0, size, 0) === size && there.equals(content.subarray(0, size));
}

/** Files of private state written so that a crash leaves the old or the new one. Node built-ins only. */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The file's text, or null where there is none. Other errors are thrown. */
export const readOrNull = (path: string): string | null => orNull(() => readFileSync(path, 'utf8'));

/** As readOrNull, its bytes. */
export const bytesOrNull = (path: string): Buffer | null => orNull(() => readFileSync(path));

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

let serial = 0;

/** Replaces a file atomically: a temporary file beside it, synced, then renamed. Folders are made. */
export function writeAtomic(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.${serial++}.tmp`;
  writeSynced(temporary, content, 'wx');
  renameSync(temporary, path);
}

/** Writes a file that nobody reads before the next step is done: in place, since a kill leaves what was to be renamed. Synced; folders are made. */
export function writeSynced(path: string, content: string | Uint8Array, flag: 'w' | 'wx' = 'w'): void {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, flag, 0o644);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } catch (error) {
    closeSync(fd);
    rmSync(path, { force: true });
    throw error;
  }
  closeSync(fd);
}

/** Makes what was renamed into a folder survive a power cut. Where a system cannot sync folders, the rename alone must do. */
export function syncFolder(path: string): void {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    fsyncSync(fd);
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** The captured output of a check, kept privately under its own digest. */

import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { oneLine } from '../../core/text/text.ts';
import { writeAtomic } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';

/** Where the output with this digest is kept. */
export function logPath(commonDir: string, sha256: string): string {
  return join(privatePaths(commonDir).cache, 'checks', `${sha256}.log`);
}

/** Keeps the output and returns its sha256. */
export function keepLog(commonDir: string, output: Uint8Array): string {
  const sha256 = createHash('sha256').update(output).digest('hex');
  const path = logPath(commonDir, sha256);
  if (!existsSync(path)) writeAtomic(path, output);
  return sha256;
}

const TAIL_BYTES = 16 * 1024;
const TAIL_LINES = 8;

/** The last lines that are not empty of a kept output (8 at most), without colours and safe to print; none where it is gone. */
export function lastLines(commonDir: string, sha256: string): string[] {
  return readEnd(logPath(commonDir, sha256))
    .split(/\r\n|\r|\n/)
    .map((line) => oneLine(stripVTControlCharacters(line).trimEnd(), 200))
    .filter((line) => line.trim() !== '')
    .slice(-TAIL_LINES);
}

function readEnd(path: string): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.subarray(0, read).toString('utf8');
    // The first line may have been cut.
    return size > TAIL_BYTES ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(file);
  }
}

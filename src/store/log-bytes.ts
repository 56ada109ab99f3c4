/** Large log files as git holds them: git takes longer to unpack one than it takes to prove its bytes. Deleting them loses only time. Hot path: node built-ins only. */

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

/** Smaller ones git unpacks in no time. */
const LARGE = 65_536;
const MOST_FILES = 16;

const folderOf = (commonDir: string) => join(privatePaths(commonDir).cache, 'logs');

/** What was kept under the id of a blob; null where nothing was. Whoever reads it proves that these are that blob's bytes. */
export function keptLog(commonDir: string, oid: string): Buffer | null {
  try {
    return readFileSync(join(folderOf(commonDir), oid));
  } catch {
    return null;
  }
}

/** Keeps the large ones of these for the next time, and drops others where there are many. */
export function keepLogs(commonDir: string, files: readonly { oid: string; bytes: Buffer }[]): void {
  const large = files.filter(({ bytes }) => bytes.length >= LARGE);
  if (large.length === 0 || large.length > MOST_FILES) return;
  try {
    mkdirSync(folderOf(commonDir), { recursive: true });
    const there = readdirSync(folderOf(commonDir));
    const fresh = large.filter(({ oid }) => !there.includes(oid));
    for (const { oid, bytes } of fresh) writeAtomic(join(folderOf(commonDir), oid), bytes);
    if (fresh.length === 0 || there.length + fresh.length <= MOST_FILES) return;
    for (const name of there.filter((one) => !large.some(({ oid }) => oid === one)))
      rmSync(join(folderOf(commonDir), name), { force: true });
  } catch {
    // Nobody is disturbed.
  }
}

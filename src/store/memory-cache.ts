/** What was read from approved log files, by blob id: a cache of one line a blob. Deleting it loses nothing. */

import { join } from 'node:path';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'approved-memory.jsonl');

/** The cached text of each of these blobs that the cache knows; a text holds no newline. */
export function readMemoryCache(commonDir: string, oids: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of (readOrNull(path(commonDir)) ?? '').split('\n')) {
    const space = line.indexOf(' ');
    const oid = line.slice(0, Math.max(0, space));
    if (oids.has(oid)) found.set(oid, line.slice(space + 1));
  }
  return found;
}

/** Leaves the cache holding these texts and no others. Where it cannot be written there is none: nobody is disturbed. */
export function writeMemoryCache(commonDir: string, texts: ReadonlyMap<string, string>): void {
  const lines = [...texts].map(([oid, text]) => `${oid} ${text}\n`);
  try {
    writeAtomic(path(commonDir), lines.join(''));
  } catch {
    // Only speed is lost.
  }
}

/** How much room a folder takes on the disk. */

import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface DiskUse {
  bytes: number;
  /** False where the time was over before all was looked at: it takes more than `bytes`. */
  whole: boolean;
}

/** What `du` would say of a folder, its `.git` left out; a file with several names counts once. Stops at `until` (ms since the epoch). */
export function diskUse(folder: string, until: number): DiskUse {
  const seen = new Set<string>();
  const left = [folder];
  let bytes = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (Date.now() >= until) return { bytes, whole: false };
    for (const entry of entriesOf(next)) {
      if (next === folder && entry.name === '.git') continue;
      const path = join(next, entry.name);
      if (entry.isDirectory()) left.push(path);
      else bytes += roomOf(path, seen);
    }
  }
  return { bytes, whole: true };
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone meanwhile, or not ours to read: as `du`, it counts for nothing.
    return [];
  }
}

function roomOf(path: string, seen: Set<string>): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (stat.nlink > 1) {
    const file = `${stat.dev} ${stat.ino}`;
    if (seen.has(file)) return 0;
    seen.add(file);
  }
  // Windows does not tell blocks.
  return stat.blocks === undefined ? stat.size : stat.blocks * 512;
}

/** How much room folders take on the disk. */

import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface DiskUse {
  bytes: number;
  /** False where the time was over before all was looked at: it takes more than `bytes`. */
  whole: boolean;
}

interface Walk {
  folder: string;
  left: string[];
  seen: Set<string>;
  bytes: number;
}

/**
 * What `du` would say of each folder, its `.git` left out; a file with several names counts once. They are walked in turn, a folder of each at a time, so that
 * a large one takes no time from the others. Stops at `until` (ms since the epoch).
 */
export function diskUse(folders: readonly string[], until: number): DiskUse[] {
  const walks = folders.map((folder): Walk => ({ folder, left: [folder], seen: new Set(), bytes: 0 }));
  for (let open = walks; open.length > 0 && Date.now() < until; open = open.filter(({ left }) => left.length > 0)) open.forEach(step);
  return walks.map(({ bytes, left }) => ({ bytes, whole: left.length === 0 }));
}

function step(walk: Walk): void {
  const at = walk.left.pop() ?? walk.folder;
  for (const entry of entriesOf(at)) {
    if (at === walk.folder && entry.name === '.git') continue;
    const path = join(at, entry.name);
    if (entry.isDirectory()) walk.left.push(path);
    else walk.bytes += roomOf(path, walk.seen);
  }
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

/** Up to which commit of a session its plain commits were read: a hint that saves reading them again. Node built-ins only. */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';

const fileOf = (commonDir: string, id: string) => join(privatePaths(commonDir).cache, 'observed', id);

/** That commit's id, or null where nothing was read yet. */
export function observedTip(commonDir: string, id: string): string | null {
  const text = readOrNull(fileOf(commonDir, id))?.trim() ?? '';
  return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}

/** Notes it; losing the note loses nothing. */
export function noteObserved(commonDir: string, id: string, tip: string): void {
  const path = fileOf(commonDir, id);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}.tmp`, `${tip}\n`);
    renameSync(`${path}.${process.pid}.tmp`, path);
  } catch {
    // The next command reads those commits once more.
  }
}

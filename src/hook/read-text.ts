/** A file that may be anything in somebody's tree. */

import { readFileSync } from 'node:fs';

/** Its text, or null where it cannot be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

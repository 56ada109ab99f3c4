/** Files of the cache that say by a digest whether they are whole, so that a reader may look at a part of them. Node built-ins only. */

import { readFileSync } from 'node:fs';
import { writeAtomic } from './files.ts';

/** What was written under that name (one line: what it is, of which version); null where there is no such file, or it is not whole. */
export function readChecked(path: string, name: string): Buffer | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return null;
  }
  const end = bytes.indexOf(10);
  const body = bytes.subarray(end + 1);
  return end > 0 && bytes.toString('utf8', 0, end) === headOf(name, body) ? body : null;
}

/** Leaves a file for `readChecked`. Where it cannot be written there is none: only speed is lost. */
export function writeChecked(path: string, name: string, body: Buffer): void {
  try {
    writeAtomic(path, Buffer.concat([Buffer.from(`${headOf(name, body)}\n`), body]));
  } catch {
    // Nobody is disturbed.
  }
}

const headOf = (name: string, body: Buffer) => `${name} ${digestOf(body)}`;

/** SHA-256 in hex. */
export function digestOf(content: string | Buffer): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(content).digest('hex');
}

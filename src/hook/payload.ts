/** Standard input to its end. */

import { readSync } from 'node:fs';

const CHUNK = 1 << 16;

export function readStdin(): string {
  // Most payloads fit whole, and each buffer costs.
  let bytes = Buffer.allocUnsafe(CHUNK);
  let size = 0;
  for (;;) {
    if (size === bytes.length) bytes = Buffer.concat([bytes], 2 * size);
    try {
      const n = readSync(0, bytes, size, bytes.length - size, null);
      if (n === 0) break;
      size += n;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') break;
      // A client may share its own end, set not to block.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return bytes.toString('utf8', 0, size);
}

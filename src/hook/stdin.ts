/** Standard input to its end. */

import { readSync } from 'node:fs';

const CHUNK = 1 << 16;

export function readStdin(): string {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    try {
      const n = readSync(0, chunk, 0, CHUNK, null);
      if (n === 0) break;
      chunks.push(chunk.subarray(0, n));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') break;
      // A client may share its own end, set not to block.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  const [first] = chunks;
  // Most payloads come in one piece.
  return (first && chunks.length === 1 ? first : Buffer.concat(chunks)).toString('utf8');
}

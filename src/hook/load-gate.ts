/** The one door to the gate's bundle, which lies beside this one. */

import { join } from 'node:path';

export type Gate = typeof import('./gate.ts');

/** Throws where the file is missing or broken: whoever asks for a judgement gets none. */
export function loadGate(): Gate {
  // Named where it is needed: recording an edit loads neither.
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(__filename)(join(__dirname, 'gate.cjs'));
}

/** The one door to the gate's bundle, which lies beside this one. */

import { createRequire } from 'node:module';
import { join } from 'node:path';

export type Gate = typeof import('./gate.ts');

/** Throws where the file is missing or broken: whoever asks for a judgement gets none. */
export function loadGate(): Gate {
  return createRequire(__filename)(join(__dirname, 'gate.cjs'));
}

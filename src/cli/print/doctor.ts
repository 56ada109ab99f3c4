/** A finding of `doctor`, for people. */

import { visible } from '../../core/text/text.ts';
import type { Diagnosis } from '../../lifecycle/doctor/index.ts';
import type { Io, Style } from '../io.ts';
import { printBlock } from './block.ts';

const STYLES: Record<Diagnosis['health'], Style> = { ok: 'green', warn: 'yellow', fail: 'red', skipped: 'dim' };
const LABEL = 9;

export function printDiagnosis(io: Io, { health, what, why, next, mended }: Diagnosis): void {
  const block = (label: string, text: string, style: Style | null) => printBlock(io, label, LABEL, visible(text, '\n'), style);
  block(health, `${what}.`, STYLES[health]);
  if (why) block('', why, null);
  if (mended) block('mended', mended, 'green');
  else if (next) block('next:', next, 'cyan');
}

/** A finding of `doctor`, for people. */

import { wrapLine } from '../../core/text/columns.ts';
import { visible } from '../../core/text/text.ts';
import type { Diagnosis } from '../../lifecycle/doctor/index.ts';
import type { Io, Style } from '../io.ts';

const STYLES: Record<Diagnosis['health'], Style> = { ok: 'green', warn: 'yellow', fail: 'red', skipped: 'dim' };
const LABEL = 9;

export function printDiagnosis(io: Io, { health, what, why, next, mended }: Diagnosis): void {
  block(io, health, `${what}.`, STYLES[health]);
  if (why) block(io, '', why, null);
  if (mended) block(io, 'mended', mended, 'green');
  else if (next) block(io, 'next:', next, 'cyan');
}

/** Text beside a label, wrapped to the terminal; commands keep their line breaks. */
function block(io: Io, label: string, text: string, style: Style | null): void {
  const lines = visible(text, '\n')
    .split('\n')
    .flatMap((line) => wrapLine({ text: line, indent: 0 }, io.width - LABEL));
  lines.forEach((line, i) => {
    const head = (i === 0 ? label : '').padEnd(LABEL);
    io.say(`${style && i === 0 ? io.paint(style, head) : head}${line}`.trimEnd());
  });
}

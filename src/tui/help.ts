/** What every key does. Pure. */

import { wrapLine } from '../core/text/columns.ts';
import { KEYS } from './keys.ts';
import { headed, type Line, plainLine, span } from './rows.ts';

/** The help as lines. */
export function helpLines(width: number): Line[] {
  const rows = Object.values(KEYS).flatMap(({ key, more }) =>
    wrapLine({ text: more, indent: 0 }, Math.max(20, width - 12)).map((text, n) =>
      plainLine(span(`  ${(n === 0 ? key : '').padEnd(8)}`, 'accent'), span(text)),
    ),
  );
  return [...headed('Keys'), plainLine(), ...rows];
}

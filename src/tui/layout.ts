/** What every screen is laid out with: rules, the part of a list that is in sight, the keys. Pure. */

import type { KeyHelp } from './keys.ts';
import type { Extent, Place } from './place.ts';
import { type Line, type Row, span, widthOf } from './rows.ts';

/** What stands between the rules. */
export interface Body {
  rows: Row[];
  /** Lines out of sight. */
  above: number;
  below: number;
}

/** A rule, and in it how many lines there are beyond it. */
export function rule(columns: number, arrow: string, more: number): Row {
  const note = more > 0 ? ` ${more} more ${arrow} ` : '';
  const end = note === '' ? '' : '\u2500\u2500';
  return [span('\u2500'.repeat(Math.max(0, columns - note.length - end.length)), 'dim'), span(note, 'accent'), span(end, 'dim')];
}

/** A list of lines as a place moves in it: the cursor stands where something can be done. */
export const extentOfLines = (lines: readonly Line[], height: number): Extent => ({
  count: lines.length,
  height,
  stands: (i) => lines[i]?.target != null,
});

/** The lines in sight, the chosen one marked. */
export function listRows(lines: readonly Line[], place: Place, height: number): Body {
  const rows = lines.slice(place.top, place.top + height).map((line, n): Row => {
    if (line.target === null) return line.draw();
    const chosen = place.top + n === place.cursor;
    const spans = line.draw().map((part) => (chosen && part.tone === 'plain' ? span(part.text, 'title') : part));
    return [span(chosen ? '\u276f  ' : '   ', 'accent'), ...spans];
  });
  return { rows, above: place.top, below: Math.max(0, lines.length - place.top - height) };
}

/** Keys with what they do. Where they do not fit, those before the last two give way: how to leave, and where all keys are told. */
export function keyRow(keys: readonly KeyHelp[], columns: number): Row {
  const row = keys.flatMap(({ key, does }): Row => [span(` ${key}`, 'accent'), span(` ${does} `, 'dim')]);
  return widthOf(row) <= columns || keys.length <= 2 ? row : keyRow(keys.toSpliced(keys.length - 3, 1), columns);
}

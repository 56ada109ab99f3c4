/** Rows of text as columns that fit the terminal. */

import { oneLine } from '../../core/text/text.ts';
import type { Io, Style } from '../io.ts';

export interface Column {
  /** Characters; null takes what is left. At most one column may. */
  width: number | null;
  /** Cut at a terminal alone, and there as the last column not either: the line folds. */
  whole?: true;
  style?: (cell: string) => Style | null;
}

/** Prints rows indented by two, two spaces between columns, each cell made safe and cut to its column, unless that is to be whole. */
export function printColumns(io: Io, columns: readonly Column[], rows: readonly (readonly string[])[], indent = 2): void {
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0) + 2 * (columns.length - 1) + indent;
  const rest = Math.max(10, io.width - fixed);
  const last = columns.length - 1;
  const widths = columns.map(({ width, whole }, i) => {
    const isWhole = whole && (i === last || !io.terminal);
    const cells = rows.map((row) => row[i] ?? '');
    return isWhole ? widest(cells, Number.POSITIVE_INFINITY) : (width ?? rest);
  });
  for (const row of rows) {
    const cells = columns.map(({ style }, i) => {
      const cell = row[i] ?? '';
      const width = widths[i] ?? rest;
      const text = oneLine(cell, width);
      const padded = i === last ? text : text.padEnd(width);
      const look = style?.(cell);
      return look ? io.paint(look, padded) : padded;
    });
    io.say(`${' '.repeat(indent)}${cells.join('  ')}`.trimEnd());
  }
}

/** The width that the widest cell needs, at most `max`. */
export function widest(cells: readonly string[], max: number): number {
  return cells.reduce((width, cell) => Math.max(width, Math.min(max, [...oneLine(cell, max)].length)), 1);
}

/** Rows of a screen as values: spans of text, each with a tone. Pure. */

import type { Tone } from '../core/closeout/review.ts';
import { columns, wrapLine } from '../core/text/columns.ts';

/** `accent`: what can be acted on, and where one is. */
export type ScreenTone = Tone | 'accent';

export interface Span {
  text: string;
  tone: ScreenTone;
}

export type Row = readonly Span[];

/** A row that is drawn only when it comes into sight. */
export interface Line {
  /** What Enter and other keys act on there; null: the cursor passes it by. */
  target: string | null;
  draw(): Row;
}

/** A span. Text of agents must be made safe before. */
export const span = (text: string, tone: ScreenTone = 'plain'): Span => ({ text, tone });

/** A line without a target. */
export const plainLine = (...spans: Span[]): Line => ({ target: null, draw: () => spans });

/** Columns that a row needs. */
export const widthOf = (row: Row): number => row.reduce((sum, { text }) => sum + columns(text), 0);

/** The row cut to a width, an ellipsis where something is left out. */
export function cutTo(row: Row, width: number): Row {
  if (widthOf(row) <= width) return row;
  const kept: Span[] = [];
  let room = Math.max(0, width - 1);
  for (const { text, tone } of row) {
    const needs = columns(text);
    if (needs <= room) {
      kept.push({ text, tone });
      room -= needs;
      continue;
    }
    kept.push({ text: `${firstColumns(text, room)}${width > 0 ? '\u2026' : ''}`, tone });
    return kept;
  }
  return kept;
}

/** As much of a text as has room in so many columns. */
export function firstColumns(text: string, room: number): string {
  let out = '';
  let used = 0;
  for (const c of text) {
    used += columns(c);
    if (used > room) break;
    out += c;
  }
  return out;
}

/** Left and right at the two ends of the width; the left one gives way. */
export function spread(left: Row, right: Row, width: number): Row {
  const room = width - widthOf(right) - (right.length > 0 ? 1 : 0);
  const cut = cutTo(left, Math.max(0, room));
  return [...cut, span(' '.repeat(Math.max(right.length > 0 ? 1 : 0, width - widthOf(cut) - widthOf(right)))), ...right];
}

/** A text of exactly so many columns. */
export function cell(text: string, width: number): string {
  const kept = columns(text) <= width ? text : `${firstColumns(text, Math.max(0, width - 1))}\u2026`;
  return kept + ' '.repeat(Math.max(0, width - columns(kept)));
}

/** A label, and a text beside it on as many rows as it takes. */
export function labelled(label: string, text: string, width: number, tone: ScreenTone = 'plain', labelTone: ScreenTone = 'dim'): Line[] {
  const room = Math.max(20, width - LABEL - 2);
  return wrapLine({ text, indent: 0 }, room).map((row, n) =>
    plainLine(span(`  ${cell(n === 0 ? label : '', LABEL)}`, labelTone), span(row, tone)),
  );
}

/** A label, and a text beside it on one row: what has no room is cut. */
export const shortRow = (label: string, text: string, tone: ScreenTone = 'plain'): Line =>
  plainLine(span(`  ${cell(label, LABEL)}`, 'dim'), span(text, tone));

const LABEL = 16;

/** A heading with an empty row before it. */
export const headed = (title: string, note = ''): Line[] => [
  plainLine(),
  plainLine(span(`  ${title}`, 'heading'), ...(note === '' ? [] : [span(`  ${note}`, 'dim')])),
];

/** A text on as many rows as it takes, set in by two columns or more. */
export function paragraph(text: string, width: number, tone: ScreenTone = 'plain', indent = 2): Line[] {
  const lead = ' '.repeat(indent);
  return wrapLine({ text: lead + text, indent: indent + 2 }, width).map((row) => plainLine(span(row, tone)));
}

/** The review as plain lines, for pipes and logs. */

import { type ReviewFacts, type ReviewLine, reviewLines, type Tone } from '../core/closeout/review.ts';
import { wrapLine } from '../core/text/columns.ts';
import type { Io, Style } from './io.ts';

const STYLES: Partial<Record<Tone, Style>> = { title: 'bold', heading: 'bold', good: 'green', bad: 'red', warn: 'yellow', dim: 'dim' };

/** Prints the review, wrapped to the terminal's width. */
export function printReview(io: Io, review: ReviewFacts): void {
  printLines(io, reviewLines(review));
}

/** Prints lines of a review, wrapped in the same way. */
export function printLines(io: Io, lines: readonly ReviewLine[]): void {
  for (const line of lines) {
    const style = STYLES[line.tone];
    for (const row of wrapLine(line, io.width)) io.say(style && row !== '' ? io.paint(style, row) : row);
  }
}

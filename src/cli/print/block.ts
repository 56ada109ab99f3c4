/** Text beside a label. */

import type { Io, Style } from '../io.ts';

/** Prints the text (already safe), its line breaks kept, in the column behind the label's `width`. */
export function printBlock(io: Io, label: string, width: number, text: string, style: Style | null = null): void {
  text.split('\n').forEach((row, i) => {
    const head = (i === 0 ? label : '').padEnd(width);
    io.say(`${style && i === 0 ? io.paint(style, head) : head}${row}`.trimEnd());
  });
}

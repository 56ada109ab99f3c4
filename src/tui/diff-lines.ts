/** git's own diff text, line by line: its tones, and which line of the file a line of it is. Pure. */

import type { ScreenTone } from './rows.ts';

/** The tone of a line of a diff. The first character says the same without colour. */
export function diffTone(line: string): ScreenTone {
  if (line.startsWith('@@')) return 'accent';
  if (/^(diff |index |--- |\+\+\+ |new file|deleted file|old mode|new mode|similarity|rename |copy )/.test(line)) return 'dim';
  if (line.startsWith('+')) return 'good';
  if (line.startsWith('-')) return 'bad';
  return line.startsWith('\\') ? 'dim' : 'plain';
}

/** The line of the new file that line `index` of the diff is, or is about to be; null outside a hunk. */
export function newLineAt(lines: readonly string[], index: number): number | null {
  let kept = 0;
  for (let i = Math.min(index, lines.length - 1); i >= 0; i--) {
    const line = lines[i] ?? '';
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk) return Math.max(1, Number(hunk[1]) + Math.max(0, kept - 1));
    if (/^(diff |--- |\+\+\+ )/.test(line) && kept === 0) return null;
    if (line.startsWith('+') || line.startsWith(' ') || (line.startsWith('-') && i === index)) kept++;
  }
  return null;
}

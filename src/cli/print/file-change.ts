/** The changed lines of files, as a plan shows them. */

import { basename } from 'node:path';
import { lineDiff } from '../../core/text/line-diff.ts';
import { count, visible } from '../../core/text/text.ts';
import type { FileChange } from '../../lifecycle/init/plan.ts';
import type { Io } from '../io.ts';

/** So many lines of a file's change are shown. */
const MOST_LINES = 100;

/** Prints one file after another; files that differ in their own name only (hooks) are shown once. */
export function changePrinter(io: Io): (file: FileChange) => void {
  const shown = new Map<string, string>();
  return (file) => {
    const lines = lineDiff(file.before, file.after);
    const like = lines.map(({ kind, text }) => kind + text.replaceAll(basename(file.path), '')).join('\n');
    const same = shown.get(like);
    if (same) {
      io.say(io.paint('dim', `      as ${visible(same)}, under its own name`));
      return;
    }
    shown.set(like, file.path);
    for (const { kind, text } of lines.slice(0, MOST_LINES)) {
      const line = `      ${kind} ${visible(text, '\t')}`;
      io.say(kind === '+' ? io.paint('green', line) : kind === '-' ? io.paint('red', line) : line);
    }
    if (lines.length > MOST_LINES) io.say(`      … and ${count(lines.length - MOST_LINES, 'more line')}`);
  };
}

/** The changed lines of files, as a plan shows them. */

import { basename } from 'node:path';
import { lineDiff } from '../../core/text/line-diff.ts';
import { count, visible } from '../../core/text/text.ts';
import type { FileChange } from '../../lifecycle/init/plan.ts';
import type { Io } from '../io.ts';

/** So many lines of a file's change are shown with a question. */
const MOST_LINES = 100;

/** How much of a change is shown: the name of its file, the first lines with a question, or every line. */
export type Extent = 'names' | 'cut' | 'whole';

export function extentOf({ yes, dry }: { yes: boolean; dry: boolean }): Extent {
  if (dry) return 'whole';
  return yes ? 'names' : 'cut';
}

/** Prints one file after another; files that differ in their own name only (hooks) are shown once. `command`: whose dry run shows every line. */
export function changePrinter(io: Io, extent: Extent, command: 'init' | 'uninstall'): (file: FileChange) => void {
  const shown = new Map<string, string>();
  const most = extent === 'whole' ? Number.POSITIVE_INFINITY : MOST_LINES;
  return (file) => {
    if (extent === 'names') return;
    const lines = lineDiff(file.before, file.after);
    const like = lines.map(({ kind, text }) => kind + text.replaceAll(basename(file.path), '')).join('\n');
    const same = shown.get(like);
    if (same) {
      io.say(io.paint('dim', `      as ${visible(same)}, under its own name`));
      return;
    }
    shown.set(like, file.path);
    for (const { kind, text } of lines.slice(0, most)) {
      const line = `      ${kind} ${visible(text, '\t')}`;
      io.say(kind === '+' ? io.paint('green', line) : kind === '-' ? io.paint('red', line) : line);
    }
    if (lines.length > most)
      io.say(`      … and ${count(lines.length - most, 'more line')}, shown by git session ${command} --dry-run with the same options`);
  };
}

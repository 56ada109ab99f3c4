/** Lines for people folded between words where a terminal would cut them anywhere. Pure. */

import { stripVTControlCharacters } from 'node:util';
import { columns } from '../core/text/columns.ts';

/** `note: `, `  branch     `, `Approver: `: what follows stands below what followed it. */
const LABEL = /^(?:(?:error|next|note|warning): +| *\S+(?: \S+)? {2,})(?=\S)/;
/** A command to copy: it is never broken, and so may be longer than the line. */
const COMMAND =
  /^(?:git (?:session|config|switch|push|pull|fetch|checkout|branch|diff|log|show|tag|merge|add|commit|bundle|worktree|-\w) |npm (?:install|test|run|ci)\b|npx |cd |ssh-keygen |ls -)/;

/** One printed text, which may hold colours and line breaks, at most `width` columns wide but for commands and words that are longer. */
export function folded(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => foldLine(line, width))
    .join('\n');
}

/** Columns that it takes on a terminal. */
const wide = (text: string) => columns(stripVTControlCharacters(text).trimEnd());

function foldLine(line: string, width: number): string[] {
  const plain = stripVTControlCharacters(line);
  if (wide(line) <= width || COMMAND.test(plain.trimStart())) return [line];
  const label = LABEL.exec(plain)?.[0].length ?? 0;
  const lead = /^ */.exec(plain)?.[0].length ?? 0;
  // What is set in so far goes on beside the label of a line above it.
  const indent = ' '.repeat(label > 0 && label <= width / 3 ? label : lead < 7 ? lead + 2 : lead);
  if (COMMAND.test(plain.slice(label))) return [line];
  const rows: string[] = [];
  let row = '';
  // A sign, as of a list or a diff, and a label stay beside what follows them.
  const least = Math.max(lead + 1, indent.length === label ? label : 0);
  for (const word of wordsOf(line)) {
    const next = row === '' ? word : `${row} ${word}`;
    if (wide(next) <= width || wide(row) <= least) row = next;
    else {
      rows.push(row);
      row = indent + word;
    }
  }
  return [...rows, row];
}

/** The line's words, its lead with the first of them; a command at its end is one. */
function wordsOf(line: string): string[] {
  const end = /^.*: +(\S+ (?:[^.]|\.\S)*)$/.exec(line)?.[1] ?? '';
  const command = COMMAND.test(end) ? [end] : [];
  const head = command.length > 0 ? line.slice(0, -end.length).trimEnd() : line;
  const lead = /^ */.exec(head)?.[0] ?? '';
  const [first = '', ...rest] = head.slice(lead.length).split(' ');
  return [lead + first, ...rest, ...command];
}

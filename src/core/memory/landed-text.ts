/** The lines of landed logs that memory and the bank ask for, as text to be kept and searched. Pure; hot path. */

import { OUTCOME_KINDS } from '../pattern/outcome.ts';

const MARKS = ['"memory.', ...OUTCOME_KINDS.map((kind) => `"${kind}"`)];

/** Those lines of log files, a record a line. One that JSON can write in several ways is written in one, so that a key is found by its letters. */
export function landedText(files: readonly string[]): string {
  return files.flatMap((text) => text.split('\n').flatMap(keptLine)).join('');
}

function keptLine(raw: string): string[] {
  if (!MARKS.some((mark) => raw.includes(mark))) return [];
  const line = raw.trim();
  // What begins otherwise is damaged: its reader finds the record in it.
  return [`${line.startsWith('{') && /\\[u/]/.test(line) ? oneWay(line) : line}\n`];
}

function oneWay(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line));
  } catch {
    return line;
  }
}

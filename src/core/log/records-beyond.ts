/** The records of a journal that a log may lack, and which of them it has all the same. Pure. */

import type { JournalReach } from './journal-reach.ts';
import { linesNaming } from './lines-naming.ts';
import { parseLog } from './log.ts';
import type { Line } from './plan-fold.ts';

/** In the journal's order, so that the log's files are pieces of it, and the next fold can tell that by their ids. */
export function recordsBeyond(journal: Buffer, { gaps, end }: Pick<JournalReach, 'gaps' | 'end'>): Line[] {
  return [...gaps, [end, journal.length] as const].flatMap(([from, to]) => linesOf(journal.toString('utf8', from, to)));
}

/** Known and unknown records as they follow each other. */
export function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    const { records, unknown } = parseLog(line);
    return [...records, ...unknown];
  });
}

/** Ids of these records that the files hold: a record may be repeated, or have come by another clone. */
export function knownAmong(lines: readonly Line[], files: readonly Buffer[]): Set<string> {
  if (lines.length === 0) return new Set();
  const ids = [...new Set(lines.map(({ id }) => id))];
  return new Set(files.flatMap((bytes) => linesOf(linesNaming(bytes, ids))).map(({ id }) => id));
}

/** How far a log holds the journal that it was folded from, told by bytes and by the ids of its files: neither is taken apart. Pure. */

import type { SessionId } from '../session/session-id.ts';
import { parseLogPath } from './log-path.ts';

export interface LogRow {
  path: string;
  oid: string;
  /** Bytes. */
  size: number;
}

/** From and to, in bytes of the journal. */
export type Span = [from: number, to: number];

export interface JournalReach {
  /** The journal up to here, the end of a line, is in the log. */
  end: number;
  /** But for these whole lines: torn ones, and such as repeat a record. */
  gaps: Span[];
  /** Where in the journal the bytes of a file stand, by its path. */
  places: Map<string, Span>;
  /** The files that are no piece of the journal: another writer's, or what a seal has made of one. */
  beside: LogRow[];
}

/** Where the lines of a file stand in the journal from `from` on, which ends the file too; null where they do not. */
export type Find = (file: LogRow, from: number) => { end: number; gaps: Span[] } | null;

export const nothingReached = (files: readonly LogRow[]): JournalReach => ({ end: 0, gaps: [], places: new Map(), beside: [...files] });

/** Goes on with the next file of any writer whose lines stand where the last one's end, as long as there is one. */
export function reachOn(id: SessionId, reach: JournalReach, find: Find): JournalReach {
  const { places, gaps } = reach;
  let { end, beside } = reach;
  for (;;) {
    const next = nextOfEach(id, beside).flatMap((file) => {
      const found = find(file, end);
      return found ? [{ file, found }] : [];
    })[0];
    if (!next) return { end, gaps, places, beside };
    places.set(next.file.path, [end, next.found.end]);
    gaps.push(...next.found.gaps);
    end = next.found.end;
    beside = beside.filter((file) => file !== next.file);
  }
}

/** Of each writer the file with the lowest number. */
function nextOfEach(id: SessionId, files: readonly LogRow[]): LogRow[] {
  const first = new Map<string, { n: number; file: LogRow }>();
  for (const file of files) {
    const at = parseLogPath(id, file.path);
    const before = at && first.get(at.writer);
    if (at && (!before || at.n < before.n)) first.set(at.writer, { n: at.n, file });
  }
  return [...first.values()].map(({ file }) => file);
}

/** `isBlob`: whether bytes are the blob of that id. Told of whole pieces alone. */
export const byId =
  (journal: Buffer, isBlob: (bytes: Buffer, oid: string) => boolean): Find =>
  ({ oid, size }, from) => {
    const end = from + size;
    // Behind a file without a last newline the next line would begin in the middle of one.
    const isPiece = size > 0 && end <= journal.length && journal[end - 1] === NEWLINE && isBlob(journal.subarray(from, end), oid);
    return isPiece ? { end, gaps: [] } : null;
  };

/** `bytesOf`: a file as it is, where it is known. Finds it also where the journal has other lines between. */
export const byLines =
  (journal: Buffer, bytesOf: (oid: string) => Buffer | undefined): Find =>
  ({ oid }, from) => {
    const bytes = bytesOf(oid);
    return bytes && bytes.length > 0 ? followLines(journal, from, bytes) : null;
  };

const NEWLINE = 10;
/** Further than this no line is looked for, so that a file that is none of the journal's is told soon. */
const FAR = 256 * 1024;

function followLines(journal: Buffer, from: number, file: Buffer): ReturnType<Find> {
  const gaps: Span[] = [];
  let end = from;
  for (let start = 0; start < file.length; ) {
    const newline = file.indexOf(NEWLINE, start);
    if (newline < 0) return null;
    const line = file.subarray(start, newline + 1);
    const near = journal.subarray(end, end + line.length + FAR);
    const found = near.indexOf(line);
    if (found < 0) return null;
    // A record behind a torn piece is the end of a line, and that line is looked at whole.
    const isWhole = found === 0 || near[found - 1] === NEWLINE;
    if (!isWhole) gaps.push([end, end + found + line.length]);
    else if (found > 0) gaps.push([end, end + found]);
    end += found + line.length;
    start = newline + 1;
  }
  return { end, gaps };
}

/** Which records a writer's log still lacks, and the file of it that they go to. Pure. */

import type { SessionId } from '../session/session-id.ts';
import { encodeRecord, mergeRecords } from './log.ts';
import { logPath, parseLogPath } from './log-path.ts';
import type { AnyRecord, UnknownRecord } from './record.ts';

export type Line = AnyRecord | UnknownRecord;

export interface FoldFacts {
  id: SessionId;
  writer: string;
  /** The log files at the tip, with their sizes in bytes. */
  files: readonly { path: string; size: number }[];
  /** Ids of `lines` that the log holds already. Others do no harm. */
  known: ReadonlySet<string>;
  /** What the journal holds, in its order. */
  lines: readonly Line[];
  /** The tip is a seal (its metadata says closed): a file that it holds is never appended to. */
  sealed: boolean;
}

/** A file of this size is full: git keeps every version of a file whole, so that one file for all would cost more at each checkpoint. */
export const FULL = 128 * 1024;

/** What is new, in the journal's order and each record once, and the file for it; null where nothing is. */
export function planFold({ id, writer, files, known, lines, sealed }: FoldFacts): { path: string; fresh: Line[] } | null {
  const own = new Set(mergeRecords<Line>(lines.filter((line) => line.session === id && !known.has(line.id))));
  if (own.size === 0) return null;
  const mine = files.flatMap(({ path, size }) => {
    const file = parseLogPath(id, path);
    return file?.writer === writer ? [{ n: file.n, size }] : [];
  });
  const newest = mine.reduce((last, file) => (file.n > last.n ? file : last), { n: 0, size: 0 });
  const n = sealed || newest.size >= FULL ? newest.n + 1 : Math.max(1, newest.n);
  return { path: logPath(id, { writer, n }), fresh: lines.filter((line) => own.has(line)) };
}

/** The file's bytes with these records behind them. What stands there stays as it is, a damaged line included. */
export function withRecords(before: Uint8Array, fresh: readonly Line[]): Buffer {
  const joint = before.length === 0 || before.at(-1) === 10 ? '' : '\n';
  return Buffer.concat([before, Buffer.from(joint + fresh.map(encodeRecord).join(''))]);
}

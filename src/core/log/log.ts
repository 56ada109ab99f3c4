/** Lines of a log or journal: reading them whatever happened to the file, merging them, writing one. Pure; hot path. */

import { isDeeper, parseJson, sameJson } from '../text/json.ts';
import { compareRecords } from './clock.ts';
import { type AnyRecord, asRecord, type UnknownRecord } from './record.ts';
import { classify } from './record-shape.ts';

interface BadLine {
  /** Counted from 1. */
  line: number;
  /** What stands there, cut at 200 characters. May hold anything: make it `visible` before printing. */
  text: string;
}

export interface ParsedLog {
  records: AnyRecord[];
  /** Of kinds or versions that this program does not know: kept, never interpreted. */
  unknown: UnknownRecord[];
  bad: BadLine[];
  /** The text ends in a piece of a line: one that is being written now, or that a killed writer left. */
  torn: boolean;
}

/** How every record that this program writes begins: where a reader can get back in step. */
const START = '{"v":1,';
/** A line whose JSON is deeper is bad: this program writes values of at most 100 levels, and walks them by recursion. */
const MAX_LINE_DEPTH = 200;
/** So many places of one bad line are tried, from its end, so that a hostile line costs no quadratic time. */
const MAX_TRIES = 64;

/**
 * The records of a file's text, in file order, duplicates included. Tolerates a torn last line, CRLF, empty lines, and a record that was
 * appended to another writer's torn one: that record is found, and what stands before it is counted as bad.
 */
export function parseLog(text: string): ParsedLog {
  const parsed: ParsedLog = { records: [], unknown: [], bad: [], torn: false };
  let line = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    // JSON.parse takes white space around a record as it is: a CR needs no cutting.
    const raw = text.slice(from, end === -1 ? text.length : end);
    from = end === -1 ? text.length : end + 1;
    line++;
    if (take(raw, parsed) || raw.trim() === '') continue;
    const at = resync(raw, parsed);
    if (end === -1 && at === raw.length) parsed.torn = true;
    else parsed.bad.push({ line, text: raw.slice(0, Math.min(at, 200)).trimEnd() });
  }
  return parsed;
}

/** Files the line's record; false where it is none. */
function take(raw: string, parsed: ParsedLog): boolean {
  const record = isDeeper(raw, MAX_LINE_DEPTH) ? null : asRecord(parseJson(raw));
  const verdict = record ? classify(record) : 'bad';
  if (verdict === 'known') parsed.records.push(record as AnyRecord);
  else if (verdict === 'unknown') parsed.unknown.push(record as UnknownRecord);
  return verdict !== 'bad';
}

/** Files the record that a bad line ends with; returns where it begins, or the line's length where there is none. */
function resync(raw: string, parsed: ParsedLog): number {
  const starts: number[] = [];
  for (let at = raw.lastIndexOf(START); at > 0 && starts.length < MAX_TRIES; at = raw.lastIndexOf(START, at - 1)) starts.push(at);
  // The earliest first: a later one may lie inside the record's own value.
  return starts.reverse().find((at) => take(raw.slice(at), parsed)) ?? raw.length;
}

/**
 * Records of several lists as one, each id once, in the one order. Of two that claim one id the earlier one stays, and of two of one
 * moment the one whose text sorts first, so that the order of the lists never matters.
 */
export function mergeRecords<R extends { id: string; at: string; n?: number }>(...lists: readonly (readonly R[])[]): R[] {
  const sorted = lists.flat().sort(compareRecords);
  const place = new Map<string, number>();
  const merged: R[] = [];
  for (const record of sorted) {
    const at = place.get(record.id);
    const before = at === undefined ? undefined : merged[at];
    if (at === undefined || before === undefined) {
      place.set(record.id, merged.length);
      merged.push(record);
    } else if (compareRecords(before, record) === 0 && !sameJson(before, record) && JSON.stringify(record) < JSON.stringify(before)) {
      merged[at] = record;
    }
  }
  return merged;
}

/** The record as one line with its LF; `v` first, so that a reader can find it inside a bad line. */
export function encodeRecord(record: AnyRecord | UnknownRecord): string {
  const { v, id, at, n, session, ...rest } = record;
  return `${JSON.stringify({ v, id, at, ...(n ? { n } : {}), session, ...rest })}\n`;
}

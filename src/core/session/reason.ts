/** Why a session was sent back. Pure. */

import type { AnyRecord } from '../log/record.ts';

export interface Reason {
  text: string;
  /** The place that it is about, where one was given. */
  path?: string;
  line?: number;
}

/** `src/app.ts:12: this leaks` as a place and a text; anything else is text alone. */
export function parseReason(raw: string): Reason {
  const match = /^([^\s:][^:\n]*?):(\d{1,7}):\s*(\S[\s\S]*)$/.exec(raw.trim());
  const [, path = ''] = match ?? [];
  // "at 10:30: it fails" names no file.
  if (!match || (/\s/.test(path) && !/[./]/.test(path))) return { text: raw.trim() };
  return { text: (match[3] ?? '').trim(), path, line: Number(match[2]) };
}

/** A reason as `parseReason` takes it: the place in front, where it names one. Raw text: whoever prints it makes it safe. */
export function reasonText({ text, path, line }: Reason | ReasonFacts): string {
  return path == null ? text : `${path}${line == null ? '' : `:${line}`}: ${text}`;
}

/** A reason as JSON says it: null for what was not named. */
export interface ReasonFacts {
  text: string;
  path: string | null;
  line: number | null;
}

export function reasonFacts({ text, path, line }: Reason): ReasonFacts {
  return { text, path: path ?? null, line: line ?? null };
}

/** Every reason of every rejection, oldest first, as text with its place in front. */
export function rejectionsIn(records: readonly AnyRecord[]): { at: string; text: string }[] {
  return records.flatMap((record) =>
    record.kind === 'closeout.rejected' ? record.data.reasons.map((reason) => ({ at: record.at, text: reasonText(reason) })) : [],
  );
}

/** The last rejection that no closeout has been prepared after; null where there is none. `records` come sorted. */
export function openRejection(records: readonly AnyRecord[]): { id: string; at: string; reasons: Reason[] } | null {
  return rejectionOf(records.findLast(({ kind }) => kind === 'closeout.prepared' || kind === 'closeout.rejected'));
}

/** The last record of a closeout as an open rejection; null where it is none. */
export function rejectionOf(last: AnyRecord | null | undefined): { id: string; at: string; reasons: Reason[] } | null {
  return last?.kind === 'closeout.rejected' ? { id: last.id, at: last.at, reasons: last.data.reasons } : null;
}

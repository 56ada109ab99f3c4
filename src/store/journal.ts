/**
 * The journal: the private write-ahead copy of a session's records, one file a session, appended to by every process without a lock.
 * Never truncated, renamed or rewritten before the session has landed. Hot path: node built-ins only, no process, no hash.
 */

import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { type HybridTime, isoTime, laterOf, nextTime } from '../core/log/clock.ts';
import { encodeRecord, type ParsedLog, parseLog } from '../core/log/log.ts';
import type { AnyRecord, RecordDraft, SessionRecord } from '../core/log/record.ts';
import { makeRecordId } from '../core/log/record-id.ts';
import { asSessionId, type SessionId } from '../core/session/session-id.ts';
import { bytesOrNull, readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';
import { existingWriterId, writerId } from './writer.ts';

/** The most that actor, kind and payload of a record may take as JSON, in bytes: a line then stays below 64 KiB and is written in one piece. */
const MAX_RECORD_BYTES = 60 * 1024;
/** Enough of the journal's end to see the newest time in most cases; a long last record makes it read more. */
const TAIL_BYTES = 4096;

const salt = Math.floor(Math.random() * 36 ** 6);
let seq = 0;

/**
 * When a record is: `id` and `ms` fix those of one that was derived from something, so that two processes deriving it write the same one;
 * `after`: later than that, too, whatever this machine's clock says. Without either: now, and later than what the journal holds.
 */
export type RecordMoment = { id: string; ms: number } | { after: HybridTime | null };

/**
 * Appends one record with one synchronous O_APPEND write and returns it; when this returns, the record is written.
 * Throws a SessionError (exit 1) where it is too large or cannot be written; the journal then holds no part of it that a reader would take.
 */
export function appendRecord(commonDir: string, session: SessionId, draft: RecordDraft, at?: RecordMoment): SessionRecord {
  return appendAll(commonDir, session, [draft], at)[0] as SessionRecord;
}

/** As appendRecord, for many in their order, in one write. Where that is cut short (a kill, a full disk), the first of them are written. */
export function appendRecords(
  commonDir: string,
  session: SessionId,
  drafts: readonly RecordDraft[],
  at?: { after: HybridTime | null },
): SessionRecord[] {
  return drafts.length === 0 ? [] : appendAll(commonDir, session, drafts, at);
}

function appendAll(commonDir: string, session: SessionId, drafts: readonly RecordDraft[], at?: RecordMoment): SessionRecord[] {
  const path = privatePaths(commonDir).journal(session);
  for (const draft of drafts) checkSize(draft);
  try {
    const fd = openForAppend(path);
    try {
      const end = readEnd(fd);
      const fixed = at && 'id' in at ? at : null;
      const after = at && 'after' in at ? at.after : null;
      let seen = after ? laterOf(end.newest, { ...after, ms: withinYears(after.ms) }) : end.newest;
      const records = drafts.map((draft) => {
        const time = fixed ? { ms: withinYears(fixed.ms), n: 0 } : nextTime(Date.now(), seen);
        seen = time;
        const id = fixed?.id ?? makeRecordId({ ms: time.ms, writer: writerId(commonDir), pid: process.pid, seq: seq++, salt });
        return {
          v: 1,
          id,
          at: isoTime(time.ms),
          ...(time.n > 0 ? { n: time.n } : {}),
          session,
          actor: draft.actor,
          kind: draft.kind,
          data: draft.data,
        } as AnyRecord;
      });
      writeLine(fd, records.map(encodeRecord).join(''), end.whole);
      return records;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** The newest time at the end of a file of records, this clone's or another's; null where there is none. */
export function newestIn(path: string): HybridTime | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return readEnd(fd).newest;
  } finally {
    closeSync(fd);
  }
}

/** Everything in a session's journal; empty where there is none. */
export function readJournal(commonDir: string, session: SessionId): ParsedLog {
  return parseLog(journalText(commonDir, session));
}

/** A session's journal as it stands in its file; empty where there is none. */
export function journalText(commonDir: string, session: SessionId): string {
  return readOrNull(privatePaths(commonDir).journal(session)) ?? '';
}

/** Its whole lines as bytes. */
export function journalBytes(commonDir: string, session: SessionId): Buffer {
  const bytes = bytesOrNull(privatePaths(commonDir).journal(session)) ?? Buffer.alloc(0);
  return bytes.subarray(0, bytes.lastIndexOf(10) + 1);
}

/**
 * The whole lines from a byte offset on (0, or the `next` of an earlier answer), and where the next look begins. A line that is being
 * written now is left for then. A journal that is shorter than that is another one, and read from its beginning.
 */
export function journalTextFrom(commonDir: string, session: SessionId, offset: number): { text: string; next: number } {
  const path = privatePaths(commonDir).journal(session);
  const size = journalSize(commonDir, session);
  const from = size < offset ? 0 : offset;
  const nothing = { text: '', next: from };
  if (size === from) return nothing;
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(size - from);
    const whole = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from)).lastIndexOf(10) + 1;
    return whole === 0 ? nothing : { text: bytes.toString('utf8', 0, whole), next: from + whole };
  } finally {
    closeSync(fd);
  }
}

/** How long a session's journal is now, in bytes. */
export function journalSize(commonDir: string, session: SessionId): number {
  return statSync(privatePaths(commonDir).journal(session), { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * This clone's writer where its journal holds everything that it wrote into the session's log. Null where it does not: there is no journal, or
 * one was put away with a landing that somebody took out of base by plain git.
 */
export function coveredWriter(commonDir: string, session: SessionId): string | null {
  if (journalSize(commonDir, session) === 0 || existsSync(privatePaths(commonDir).closedJournal(session))) return null;
  return existingWriterId(commonDir);
}

/** As journalTextFrom, parsed. */
export function readJournalFrom(commonDir: string, session: SessionId, offset: number): { parsed: ParsedLog; next: number } {
  const { text, next } = journalTextFrom(commonDir, session, offset);
  return { parsed: parseLog(text), next };
}

/** Sessions that have a journal in this clone. */
export function journalSessions(commonDir: string): SessionId[] {
  const folder = join(privatePaths(commonDir).root, 'journal');
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((name) => (name.endsWith('.jsonl') ? (asSessionId(name.slice(0, -'.jsonl'.length)) ?? []) : [])).sort();
}

function openForAppend(path: string): number {
  try {
    return openSync(path, 'a+', 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a+', 0o644);
  }
}

/** The newest time at the journal's end, and whether its last line is whole (an empty journal's is). */
function readEnd(fd: number): { newest: HybridTime | null; whole: boolean } {
  // An edit's file was asked in this form, and Node takes time to begin with another.
  const size = Number(fstatSync(fd, { bigint: true }).size);
  if (size === 0) return { newest: null, whole: true };
  for (let want = TAIL_BYTES; ; want = MAX_RECORD_BYTES * 2) {
    const from = Math.max(0, size - want);
    const bytes = Buffer.allocUnsafe(size - from);
    const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, from));
    const newest = newestTime(from === 0 ? text : text.slice(text.indexOf('\n') + 1));
    if (newest || from === 0 || want > TAIL_BYTES) return { newest, whole: text.endsWith('\n') };
  }
}

/** Lines begin as `encodeRecord` writes them, so their time is found without parsing the values behind it, and without an expression to compile. */
function newestTime(text: string): HybridTime | null {
  let newest: HybridTime | null = null;
  for (const line of text.split('\n')) {
    const id = line.startsWith(ID) ? line.indexOf('"', ID.length) : -1;
    const at = id + AT.length;
    if (id === -1 || !line.startsWith(AT, id) || !line.startsWith('Z"', at + 23)) continue;
    const ms = Date.parse(line.slice(at, at + 24));
    const n = line.startsWith(COUNTER, at + 25) ? Number.parseInt(line.slice(at + 25 + COUNTER.length, at + 45), 10) : 0;
    if (!Number.isNaN(ms) && !Number.isNaN(n)) newest = laterOf(newest, { ms, n });
  }
  return newest;
}

const ID = '{"v":1,"id":"';
const AT = '","at":"';
const COUNTER = ',"n":';

/** A derived time may come from a commit that says anything; a record's time has a year of four digits. */
function withinYears(ms: number): number {
  return Math.min(Math.max(0, Math.trunc(ms) || 0), Date.UTC(9999, 11, 31, 23, 59, 59, 999));
}

function checkSize(draft: RecordDraft): void {
  const size = Buffer.byteLength(JSON.stringify(draft));
  if (size <= MAX_RECORD_BYTES) return;
  throw stateError({
    what: 'This is too large for one record.',
    why: `It takes ${size} bytes; the limit is ${MAX_RECORD_BYTES} (60 KiB).`,
    next: 'Put the content in a file of the session and store its path.',
  });
}

/** One write; a newline first where someone was killed in the middle of a line. */
function writeLine(fd: number, line: string, whole: boolean): void {
  const bytes = Buffer.from(whole ? line : `\n${line}`);
  const written = writeSync(fd, bytes);
  if (written !== bytes.length) {
    throw stateError({
      what: 'The record was not written whole.',
      why: `${written} of ${bytes.length} bytes fitted: the disk or a quota is full.`,
      next: 'Make room and try again; nothing that was written before is harmed.',
    });
  }
}

const REASONS: Record<string, string> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk quota is used up.',
  EROFS: 'The file system is read-only.',
  EACCES: 'Permission was denied.',
  EPERM: 'The operation is not permitted.',
};

function notWritten(path: string, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (!code || !syscall) return error;
  return stateError(
    {
      what: 'The record could not be written; nothing was recorded.',
      why: `${REASONS[code] ?? message} (${path})`,
      next: 'Make the journal writable and try again.',
    },
    error,
  );
}

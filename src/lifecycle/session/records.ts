/** A session's records: the log files in a tree, and those files merged with the journal. */

import { mergeRecords, type ParsedLog, parseLog } from '../../core/log/log.ts';
import type { AnyRecord, UnknownRecord } from '../../core/log/record.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Repo } from '../../git/run.ts';
import { journalText } from '../../store/journal.ts';
import { type LogFile, type LogFilesAt, logFilesAt, ofCommit } from './log-files.ts';
import type { Session } from './session.ts';

export interface RecordSet {
  /** Each id once, in the order of their times. */
  records: AnyRecord[];
  /** Lines that are no record, or a record of another session. */
  bad: number;
  /** Records of kinds or versions that this program does not know. */
  unknown: number;
  /** Those that no commit at the tip holds and none can be told from: memory, tasks, uses of patterns. */
  uncommitted: number;
}

/** Everything recorded of a session: its log files at `session.tip`, merged with this clone's journal. */
export async function sessionRecords(repo: Repo, session: Pick<Session, 'id' | 'tip'>): Promise<RecordSet> {
  const { files, parsed } = await logAt(repo, session.tip, session.id);
  const journal = parseLog(linesBeyond(journalText(repo.commonDir, session.id), files));
  return recordSet(session.id, parsed, journal);
}

/** The journal without the lines that a log file holds to the letter: most of it, after a checkpoint, and already parsed there. */
export function linesBeyond(whole: string, files: readonly LogFile[]): string {
  // A checkpoint commits the journal as it is: mostly the files are pieces of it, one behind the other.
  let [from, rest] = [0, [...files]];
  for (let next = pieceAt(whole, from, rest); next; next = pieceAt(whole, from, rest)) {
    from += next.text.length;
    rest = rest.filter((file) => file !== next);
  }
  const journal = whole.slice(from);
  // Looking a line up costs as much as reading one: what is short beside the files is read twice.
  if (journal.length * 4 < rest.reduce((sum, file) => sum + file.text.length, 0)) return journal;
  const folded = new Set(rest.flatMap((file) => file.text.split('\n')));
  // The last piece, empty or torn, is no line: it stays.
  const lines = journal.split('\n');
  return lines.filter((line, n) => n === lines.length - 1 || !folded.has(line)).join('\n');
}

/** Of whole lines alone: behind a torn one the next would begin in the middle. */
const pieceAt = (whole: string, from: number, files: readonly LogFile[]) =>
  files.find(({ text }) => text.endsWith('\n') && whole.startsWith(text, from));

/** Parsed files of one session as one set. Pure. */
function recordSet(id: SessionId, log: ParsedLog, journal: ParsedLog): RecordSet {
  const own = (record: { session: string }) => record.session === id;
  const merged = mergeRecords(log.records, journal.records);
  const records = merged.filter(own);
  const committed = new Set(log.records.map((record) => record.id));
  return {
    records,
    bad: log.bad.length + journal.bad.length + (log.torn ? 1 : 0) + merged.length - records.length,
    unknown: mergeRecords<UnknownRecord>(log.unknown, journal.unknown).length,
    uncommitted: journal.records.filter((record) => own(record) && !committed.has(record.id) && TOLD.test(record.kind)).length,
  };
}

/** Other records are found again in the commits, or matter to this clone alone. */
const TOLD = /^(memory|task)\.|^pattern\.used$/;

interface LogAt extends LogFilesAt {
  /** What the files hold together. */
  parsed: ParsedLog;
}

const recent = ofCommit<LogAt>();

/** The log files of a session at a commit or tree, by path, and what they hold together; empty where there are none. */
export function logAt(repo: Repo, treeish: string, id: SessionId): Promise<LogAt> {
  return recent(repo, treeish, id, async () => {
    const at = await logFilesAt(repo, treeish, id);
    return { ...at, parsed: joinLogs(at.files.map((file) => parseLog(file.text))) };
  });
}

function joinLogs(logs: ParsedLog[]): ParsedLog {
  return {
    records: logs.flatMap((log) => log.records),
    unknown: logs.flatMap((log) => log.unknown),
    bad: logs.flatMap((log) => log.bad),
    torn: logs.some((log) => log.torn),
  };
}

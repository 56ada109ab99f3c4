/** A session's records: the log files in a tree, and those files merged with the journal. */

import { mergeRecords, type ParsedLog, parseLog } from '../../core/log/log.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import type { AnyRecord, UnknownRecord } from '../../core/log/record.ts';
import { parseValuePath } from '../../core/memory/large-value.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { readMany } from '../../git/batch.ts';
import { listTree } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { journalText } from '../../store/journal.ts';
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

export interface LogFile {
  path: string;
  oid: string;
  text: string;
  /** As the blob has them: a damaged line may be no text. */
  bytes?: Buffer;
}

/** Everything recorded of a session: its log files at `session.tip`, merged with this clone's journal. */
export async function sessionRecords(repo: Repo, session: Pick<Session, 'id' | 'tip'>): Promise<RecordSet> {
  const { files, parsed } = await logAt(repo, session.tip, session.id);
  const journal = parseLog(linesBeyond(journalText(repo.commonDir, session.id), files));
  return recordSet(session.id, parsed, journal);
}

/** The journal without the lines that a log file holds to the letter: most of it, after a checkpoint, and already parsed there. */
export function linesBeyond(whole: string, files: readonly LogFile[]): string {
  // A checkpoint commits the journal as it is: mostly the file is its beginning.
  const begun = files.find((file) => file.text !== '' && whole.startsWith(file.text));
  const journal = begun ? whole.slice(begun.text.length) : whole;
  const rest = files.filter((file) => file !== begun);
  // Looking a line up costs as much as reading one: what is short beside the files is read twice.
  if (journal.length * 4 < rest.reduce((sum, file) => sum + file.text.length, 0)) return journal;
  const folded = new Set(rest.flatMap((file) => file.text.split('\n')));
  // The last piece, empty or torn, is no line: it stays.
  const lines = journal.split('\n');
  return lines.filter((line, n) => n === lines.length - 1 || !folded.has(line)).join('\n');
}

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

interface LogAt {
  files: LogFile[];
  parsed: ParsedLog;
  /** Paths of the files that hold values too large for a line. */
  values: ReadonlySet<string>;
  /** The text of the session's metadata there; null where there is none. */
  metadata: string | null;
}

/** What the last few commits hold: a command reads the log of one commit for its records and again to fold the journal behind it. */
const recent = new Map<string, Promise<LogAt>>();
const RECENT = 4;

/** The log files of a session at a commit or tree, by path, and what they hold together; empty where there are none. */
export function logAt(repo: Repo, treeish: string, id: SessionId): Promise<LogAt> {
  if (!/^[0-9a-f]{40,64}$/.test(treeish)) return readLog(repo, treeish, id);
  const key = `${repo.commonDir}\0${id}\0${treeish}`;
  const found = recent.get(key) ?? readLog(repo, treeish, id);
  recent.delete(key);
  recent.set(key, found);
  found.catch(() => recent.delete(key));
  for (const oldest of recent.keys()) {
    if (recent.size <= RECENT) break;
    recent.delete(oldest);
  }
  return found;
}

async function readLog(repo: Repo, treeish: string, id: SessionId): Promise<LogAt> {
  const { files, metadata, values } = await logFilesAt(repo, treeish, id);
  return { files, parsed: joinLogs(files.map((file) => parseLog(file.text))), metadata, values };
}

/** The log files of a session at a commit or tree as they are, nothing parsed. */
export async function logFilesAt(repo: Repo, treeish: string, id: SessionId): Promise<Omit<LogAt, 'parsed'>> {
  const all = (await listTree(repo, treeish, [`${sessionPaths(id).log}/`])).filter((row) => row.type === 'blob');
  const rows = all.filter(({ path }) => parseLogPath(id, path) !== null);
  const values = new Set(all.map(({ path }) => path).filter((path) => parseValuePath(id, path) !== null));
  const [metadata, ...blobs] = await readMany(repo, [`${treeish}:${sessionPaths(id).metadata}`, ...rows.map((row) => row.oid)]);
  const files = rows.map(({ path, oid }, n) => {
    const bytes = blobs[n]?.body ?? Buffer.alloc(0);
    return { path, oid, text: bytes.toString('utf8'), bytes };
  });
  return { files, metadata: metadata?.body.toString('utf8') ?? null, values };
}

function joinLogs(logs: ParsedLog[]): ParsedLog {
  return {
    records: logs.flatMap((log) => log.records),
    unknown: logs.flatMap((log) => log.unknown),
    bad: logs.flatMap((log) => log.bad),
    torn: logs.some((log) => log.torn),
  };
}

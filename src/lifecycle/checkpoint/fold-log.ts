/** Folding the journal into this writer's log file: what a checkpoint commits besides the files. The journal itself is never touched. */

import { encodeRecord, mergeRecords, type ParsedLog } from '../../core/log/log.ts';
import { logPath, parseLogPath } from '../../core/log/log-path.ts';
import type { AnyRecord, SessionRecord, UnknownRecord } from '../../core/log/record.ts';
import { valuePath } from '../../core/memory/large-value.ts';
import { parseMetadata } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { type TreeEdit, writeBlob } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { readJournal } from '../../store/journal.ts';
import { keptValue } from '../../store/values.ts';
import { writerId } from '../../store/writer.ts';
import { type LogFile, logAt } from '../session/records.ts';

/** What the choice of the file and its text depends on. */
export interface FoldFacts {
  id: SessionId;
  writer: string;
  /** The log files at the tip and what they hold together. */
  files: LogFile[];
  log: ParsedLog;
  journal: ParsedLog;
  /** The tip is a seal (its metadata says closed): a file that it holds is never appended to. */
  sealed: boolean;
}

/** A file of the log that a fold writes, with its new content: lines, or a value too large for one. */
export interface FoldedLog {
  path: string;
  content: Buffer;
  /** The blob that the tip has there; null where the file is new. A value's file never changes. */
  before: string | null;
  /** How many bytes of the content that is. */
  keeps: number;
}

/**
 * The one edit that brings the log at `tip` up to the journal: records whose ids the log does not hold, in the order of their times,
 * behind what this writer's current file holds. Empty where there is nothing new. Writes the blob; moves nothing.
 */
export async function logEdits(repo: Repo, session: SessionId, tip: string): Promise<TreeEdit[]> {
  const folded = await foldLog(repo, session, tip);
  return Promise.all(folded.map(async ({ path, content }) => ({ path, oid: await writeBlob(repo, content), mode: '100644' as const })));
}

/** As logEdits, but writes nothing. */
export async function foldLog(repo: Repo, session: SessionId, tip: string): Promise<FoldedLog[]> {
  const journal = readJournal(repo.commonDir, session);
  if (journal.records.length + journal.unknown.length === 0) return [];
  const { files, parsed, metadata, values } = await logAt(repo, tip, session);
  const sealed = parseMetadata(metadata ?? '')?.status === 'closed';
  const fold = planFold({ id: session, writer: writerId(repo.commonDir), files, log: parsed, journal, sealed });
  if (!fold) return [];
  // Bytes, not text: a damaged line stays as it is.
  const before = fold.behind?.bytes ?? Buffer.from(fold.behind?.text ?? '');
  const lines = {
    path: fold.path,
    content: Buffer.concat([before, Buffer.from(fold.added)]),
    before: fold.behind?.oid ?? null,
    keeps: before.length,
  };
  return [
    lines,
    ...valueFiles(repo, session, fold.fresh, values).map(({ path, text }) => ({
      path,
      content: Buffer.from(text),
      before: null,
      keeps: 0,
    })),
  ];
}

/** The file to write, the file at the tip whose bytes come first (null: none), and what is added; null where nothing is new. Pure. */
export function planFold(
  facts: FoldFacts,
): { path: string; behind: LogFile | null; added: string; fresh: (AnyRecord | UnknownRecord)[] } | null {
  const present = new Set([...facts.log.records, ...facts.log.unknown].map((record) => record.id));
  const fresh = mergeRecords<AnyRecord | UnknownRecord>(facts.journal.records, facts.journal.unknown).filter(
    (record) => record.session === facts.id && !present.has(record.id),
  );
  if (fresh.length === 0) return null;
  const own = facts.files.map((file) => parseLogPath(facts.id, file.path)).filter((file) => file?.writer === facts.writer);
  const newest = Math.max(0, ...own.map((file) => file?.n ?? 0));
  const path = logPath(facts.id, { writer: facts.writer, n: facts.sealed ? newest + 1 : Math.max(1, newest) });
  const behind = facts.files.find((file) => file.path === path) ?? null;
  const joint = !behind || behind.text === '' || behind.text.endsWith('\n') ? '' : '\n';
  return { path, behind, added: joint + fresh.map(encodeRecord).join(''), fresh };
}

/** Files for the values of these records that are too large for a line, where this clone keeps them and the tree (`there`: paths) does not. */
export function valueFiles(
  repo: Repo,
  session: SessionId,
  records: readonly (AnyRecord | UnknownRecord)[],
  there: ReadonlySet<string>,
): { path: string; text: string }[] {
  const refs = new Map(
    records.flatMap((record) => (isStored(record) && record.data.blob ? [[record.data.blob.sha256, record.data.blob]] : [])),
  );
  return [...refs.values()].flatMap((ref) => {
    const path = valuePath(session, ref.sha256);
    const text = there.has(path) ? null : keptValue(repo.commonDir, session, ref);
    return text === null ? [] : [{ path, text }];
  });
}

function isStored(record: AnyRecord | UnknownRecord): record is SessionRecord<'memory.stored'> {
  return record.v === 1 && record.kind === 'memory.stored';
}

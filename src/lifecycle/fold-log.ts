/** Folding the journal into this writer's log file: what a checkpoint commits besides the files. The journal itself is never touched. */

import { encodeRecord, mergeRecords, type ParsedLog } from '../core/log.ts';
import { logPath, parseLogPath } from '../core/log-path.ts';
import { parseMetadata } from '../core/metadata.ts';
import type { AnyRecord, UnknownRecord } from '../core/record.ts';
import type { SessionId } from '../core/session-id.ts';
import { type TreeEdit, writeBlob } from '../git/objects.ts';
import type { Repo } from '../git/run.ts';
import { readJournal } from '../store/journal.ts';
import { writerId } from '../store/writer.ts';
import { type LogFile, logAt } from './records.ts';

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

/** The log file that a fold changes, with its new content. */
export interface FoldedLog {
  path: string;
  content: Buffer;
  /** The blob that the tip has there; null where the file is new. */
  before: string | null;
}

/**
 * The one edit that brings the log at `tip` up to the journal: records whose ids the log does not hold, in the order of their times,
 * behind what this writer's current file holds. Empty where there is nothing new. Writes the blob; moves nothing.
 */
export async function logEdits(repo: Repo, session: SessionId, tip: string): Promise<TreeEdit[]> {
  const folded = await foldLog(repo, session, tip);
  return folded ? [{ path: folded.path, oid: await writeBlob(repo, folded.content), mode: '100644' }] : [];
}

/** As logEdits, but writes nothing; null where there is nothing new. */
export async function foldLog(repo: Repo, session: SessionId, tip: string): Promise<FoldedLog | null> {
  const journal = readJournal(repo.commonDir, session);
  if (journal.records.length + journal.unknown.length === 0) return null;
  const { files, parsed, metadata } = await logAt(repo, tip, session);
  const sealed = parseMetadata(metadata ?? '')?.status === 'closed';
  const fold = planFold({ id: session, writer: writerId(repo.commonDir), files, log: parsed, journal, sealed });
  if (!fold) return null;
  // Bytes, not text: a damaged line stays as it is.
  const before = fold.behind?.bytes ?? Buffer.from(fold.behind?.text ?? '');
  return { path: fold.path, content: Buffer.concat([before, Buffer.from(fold.added)]), before: fold.behind?.oid ?? null };
}

/** The file to write, the file at the tip whose bytes come first (null: none), and what is added; null where nothing is new. Pure. */
export function planFold(facts: FoldFacts): { path: string; behind: LogFile | null; added: string } | null {
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
  return { path, behind, added: joint + fresh.map(encodeRecord).join('') };
}

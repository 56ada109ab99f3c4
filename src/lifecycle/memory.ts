/** What a session sees of memory: approved project memory on its branch, and its own records. */

import { mergeRecords, parseLog } from '../core/log.ts';
import { foldMemory, foldMerged, type MemoryEntry } from '../core/memory.ts';
import { scopeOf } from '../core/memory-key.ts';
import { fittingPatterns, type Pattern, readPatterns } from '../core/pattern.ts';
import type { Policy } from '../core/policy.ts';
import { type AnyRecord, isMemory } from '../core/record.ts';
import { termsOf } from '../core/search.ts';
import { readMany } from '../git/batch.ts';
import type { Repo } from '../git/run.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { type ApprovedLog, type ApprovedOptions, approvedLogs } from '../trust/approved.ts';
import { sessionRecords } from './records.ts';
import type { Session } from './session.ts';

/** So many patterns are offered to a task at most. */
const OFFERED = 3;

/** What the session sees now, by namespace and key. */
export async function memoryOf(repo: Repo, session: Pick<Session, 'id' | 'tip'>, options: ApprovedOptions = {}): Promise<MemoryEntry[]> {
  const [approved, own] = await Promise.all([
    approvedRecords(repo, session.tip, { ...options, except: session.id }),
    sessionRecords(repo, session),
  ]);
  const records = approved.length === 0 ? own.records : mergeRecords(approved, own.records);
  return foldMerged(records, Date.now());
}

/** What the project has learned and a person has approved, as of a commit: project memory alone. */
export async function projectMemory(repo: Repo, treeish: string): Promise<MemoryEntry[]> {
  return foldMemory(await approvedRecords(repo, treeish), Date.now());
}

/**
 * The few approved patterns, of other sessions, that fit a task described in these words; none where nothing fits. A pattern that this
 * session has replaced or deleted is not offered. `quick` is for hooks: see `approvedLogs`.
 */
export async function offerPatterns(
  repo: Repo,
  session: Pick<Session, 'id' | 'tip'>,
  words: string,
  options: ApprovedOptions = {},
): Promise<Pattern[]> {
  const terms = termsOf(words);
  if (terms.length === 0) return [];
  const learned = (await memoryOf(repo, session, options)).filter((entry) => entry.session !== session.id);
  return fittingPatterns(readPatterns(learned), terms, OFFERED);
}

/** Records of project memory in the approved logs at a commit. */
export async function approvedRecords(repo: Repo, treeish: string, options: ApprovedOptions = {}): Promise<AnyRecord[]> {
  return recordsOf(repo, await approvedLogs(repo, treeish, options));
}

/** Records of project memory in approved logs, read from git: what a file beside it said of them would not be approved. */
export async function recordsOf(repo: Repo, logs: readonly ApprovedLog[]): Promise<AnyRecord[]> {
  const oids = [...new Set(logs.flatMap((log) => log.files.map((file) => file.oid)))];
  const blobs = await readMany(repo, oids);
  const texts = new Map(oids.map((oid, i) => [oid, memoryLines(blobs[i]?.body.toString('utf8') ?? '')]));
  const policy = compiledPolicy(repo.commonDir);
  return logs.flatMap((log) => log.files.flatMap(({ oid }) => projectRecords(texts.get(oid) ?? '', log.id, policy)));
}

/** A log's lines that can hold memory: the others are most of it, and need no parsing. */
function memoryLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.includes('"memory.'))
    .join('\n');
}

function projectRecords(text: string, id: string, policy: Policy): AnyRecord[] {
  return parseLog(text).records.filter(
    (record) =>
      isMemory(record.kind) && record.session === id && 'namespace' in record.data && scopeOf(record.data.namespace, policy) === 'project',
  );
}

/** What a session sees of memory: approved project memory on its branch, and its own records. */

import { mergeRecords, parseLog } from '../../core/log/log.ts';
import type { AnyRecord, RecordKind } from '../../core/log/record.ts';
import { isProjectMemory } from '../../core/memory/key.ts';
import { foldMemory, foldMerged, type MemoryEntry } from '../../core/memory/memory.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { type ApprovedLog, type ApprovedOptions, approvedLogs } from '../../trust/approved.ts';
import { type RecordSet, sessionRecords } from '../session/records.ts';
import type { Session } from '../session/session.ts';

/** What the session sees now, by namespace and key. */
export async function memoryOf(repo: Repo, session: Pick<Session, 'id' | 'tip'>, options: ApprovedOptions = {}): Promise<MemoryEntry[]> {
  return foldMerged((await seenRecords(repo, session, options)).records, Date.now());
}

/** Every record that a session sees: approved project memory on its branch, and all of its own. */
export async function seenRecords(repo: Repo, session: Pick<Session, 'id' | 'tip'>, options: ApprovedOptions = {}): Promise<RecordSet> {
  const [approved, own] = await Promise.all([
    approvedRecords(repo, session.tip, { ...options, except: session.id }),
    sessionRecords(repo, session),
  ]);
  return { ...own, records: approved.length === 0 ? own.records : mergeRecords(approved, own.records) };
}

/**
 * As seenRecords, and of a closed session also what left its tip with the seal: its own memory as the commit before has it, where this clone
 * has the backup tag.
 */
export async function everRecorded(repo: Repo, session: Session): Promise<AnyRecord[]> {
  const { records } = await seenRecords(repo, session);
  if (session.metadata.status !== 'closed' || !session.ref.startsWith('refs/tags/')) return records;
  const before = await commitOf(repo, `${session.tip}^1`);
  return before ? mergeRecords(records, (await sessionRecords(repo, { id: session.id, tip: before })).records) : records;
}

/** What the project has learned and a person has approved, as of a commit: project memory alone. */
export async function projectMemory(repo: Repo, treeish: string): Promise<MemoryEntry[]> {
  return foldMemory(await approvedRecords(repo, treeish), Date.now());
}

/** Records of project memory in the approved logs at a commit. */
export async function approvedRecords(repo: Repo, treeish: string, options: ApprovedOptions = {}): Promise<AnyRecord[]> {
  return recordsOf(repo, await approvedLogs(repo, treeish, options));
}

/** Records of project memory in approved logs, and of the kinds in `also`. */
export function recordsOf(repo: Repo, logs: readonly ApprovedLog[], also: readonly RecordKind[] = []): AnyRecord[] {
  // Most lines are of other kinds, and need no parsing.
  const marks = ['"memory.', ...also.map((kind) => `"${kind}"`)];
  const policy = compiledPolicy(repo.commonDir);
  const wanted = new Set<string>(also);
  return logs.flatMap((log) =>
    log.files
      .flatMap(({ bytes }) => parseLog(linesWith(bytes.toString('utf8'), marks)).records)
      .filter((record) => record.session === log.id && (wanted.has(record.kind) || isProjectMemory(record, policy))),
  );
}

function linesWith(text: string, marks: readonly string[]): string {
  return text
    .split('\n')
    .filter((line) => marks.some((mark) => line.includes(mark)))
    .join('\n');
}

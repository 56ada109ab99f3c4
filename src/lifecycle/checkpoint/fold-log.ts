/** Folding the journal into this writer's log file: what a checkpoint commits besides the files. The journal itself is never touched. */

import { type Line, planFold, withRecords } from '../../core/log/plan-fold.ts';
import type { SessionRecord } from '../../core/log/record.ts';
import { knownAmong, linesOf, recordsBeyond } from '../../core/log/records-beyond.ts';
import { valuePath } from '../../core/memory/large-value.ts';
import { parseMetadata } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { type TreeEdit, writeBlob } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { journalSize, journalTextFrom } from '../../store/journal.ts';
import { keptValue } from '../../store/values.ts';
import { writerId } from '../../store/writer.ts';
import { logTip } from '../session/log-tip.ts';

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
 * The one edit that brings the log at `tip` up to the journal: records whose ids the log does not hold, in the journal's order,
 * behind what this writer's current file holds. Empty where there is nothing new. Writes the blob; moves nothing.
 */
export async function logEdits(repo: Repo, session: SessionId, tip: string): Promise<TreeEdit[]> {
  const folded = await foldLog(repo, session, tip);
  return Promise.all(folded.map(async ({ path, content }) => ({ path, oid: await writeBlob(repo, content), mode: '100644' as const })));
}

/** As logEdits, but writes nothing. */
export async function foldLog(repo: Repo, session: SessionId, tip: string): Promise<FoldedLog[]> {
  if (journalSize(repo.commonDir, session) === 0) return [];
  const at = await logTip(repo, tip, session);
  const since = journalTextFrom(repo.commonDir, session, at.journal.length).text;
  const lines = [...recordsBeyond(at.journal, at.reach), ...linesOf(since)];
  const fold = planFold({
    id: session,
    writer: writerId(repo.commonDir),
    files: at.files.map(({ path, bytes }) => ({ path, size: bytes.length })),
    known: knownAmong(
      lines,
      at.files.map(({ bytes }) => bytes),
    ),
    lines,
    sealed: parseMetadata(at.metadata ?? '')?.status === 'closed',
  });
  if (!fold) return [];
  const behind = at.files.find(({ path }) => path === fold.path);
  const before = behind?.bytes ?? Buffer.alloc(0);
  return [
    { path: fold.path, content: withRecords(before, fold.fresh), before: behind?.oid ?? null, keeps: before.length },
    ...valueFiles(repo, session, fold.fresh, at.values).map(({ path, text }) => ({
      path,
      content: Buffer.from(text),
      before: null,
      keeps: 0,
    })),
  ];
}

/** Files for the values of these records that are too large for a line, where this clone keeps them and the tree (`there`: paths) does not. */
export function valueFiles(
  repo: Repo,
  session: SessionId,
  records: readonly Line[],
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

function isStored(record: Line): record is SessionRecord<'memory.stored'> {
  return record.v === 1 && record.kind === 'memory.stored';
}

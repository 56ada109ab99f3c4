/** The log files of a session at a commit beside this clone's journal: what the journal holds to the letter is taken from there, proven by its id, and not asked of git. */

import { byId, byLines, type JournalReach, nothingReached, reachOn } from '../../core/log/journal-reach.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { readMany } from '../../git/batch.ts';
import { blobId } from '../../git/fast-import.ts';
import type { Repo } from '../../git/run.ts';
import { journalBytes } from '../../store/journal.ts';
import { listLog, ofCommit } from './log-files.ts';

export interface LogTip {
  /** Every whole line of the journal when it was read. It may have grown since, and never loses what it had. */
  journal: Buffer;
  /** Every log file, by path. */
  files: { path: string; oid: string; bytes: Buffer }[];
  /** Those of them that are no piece of the journal. */
  beside: Buffer[];
  /** How far the journal is in these files. */
  reach: Pick<JournalReach, 'end' | 'gaps'>;
  /** Paths of the files that hold values too large for a line. */
  values: ReadonlySet<string>;
  /** The text of the session's metadata there; null where there is none. */
  metadata: string | null;
}

const recent = ofCommit<LogTip>();

export function logTip(repo: Repo, treeish: string, id: SessionId): Promise<LogTip> {
  return recent(repo, treeish, id, () => read(repo, treeish, id));
}

async function read(repo: Repo, treeish: string, id: SessionId): Promise<LogTip> {
  const journal = journalBytes(repo.commonDir, id);
  const { rows, values, metadata } = await listLog(repo, treeish, id);
  const begun = reachOn(
    id,
    nothingReached(rows),
    byId(journal, (bytes, oid) => blobId(repo, bytes) === oid),
  );
  const [about, ...blobs] = await readMany(repo, [metadata, ...begun.beside.map(({ oid }) => oid)]);
  const bodies = new Map(blobs.flatMap((blob) => (blob ? [[blob.oid, blob.body]] : [])));
  const { end, gaps, places, beside } = reachOn(
    id,
    begun,
    byLines(journal, (oid) => bodies.get(oid)),
  );
  const bytesOf = ({ path, oid }: { path: string; oid: string }) => bodies.get(oid) ?? journal.subarray(...(places.get(path) ?? [0, 0]));
  return {
    journal,
    files: rows.map((row) => ({ path: row.path, oid: row.oid, bytes: bytesOf(row) })),
    beside: beside.map(bytesOf),
    reach: { end, gaps },
    values,
    metadata: about?.body.toString('utf8') ?? null,
  };
}

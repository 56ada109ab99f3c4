/** The log files of a session in a tree: which there are, and what they hold to the letter. */

import type { LogRow } from '../../core/log/journal-reach.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import { parseValuePath } from '../../core/memory/large-value.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { readMany } from '../../git/batch.ts';
import { listTree } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';

export interface LogFile {
  path: string;
  oid: string;
  text: string;
}

export interface LogList {
  rows: LogRow[];
  /** Paths of the files that hold values too large for a line. */
  values: ReadonlySet<string>;
  /** What git calls the session's metadata there. */
  metadata: string;
}

const listed = ofCommit<LogList>();

export function listLog(repo: Repo, treeish: string, id: SessionId): Promise<LogList> {
  return listed(repo, treeish, id, () => list(repo, treeish, id));
}

async function list(repo: Repo, treeish: string, id: SessionId): Promise<LogList> {
  const all = (await listTree(repo, treeish, [`${sessionPaths(id).log}/`])).filter((row) => row.type === 'blob');
  const rows = all.filter(({ path }) => parseLogPath(id, path) !== null).map(({ path, oid, size }) => ({ path, oid, size: size ?? 0 }));
  const values = new Set(all.map(({ path }) => path).filter((path) => parseValuePath(id, path) !== null));
  return { rows, values, metadata: `${treeish}:${sessionPaths(id).metadata}` };
}

export interface LogFilesAt {
  files: LogFile[];
  /** Paths of the files that hold values too large for a line. */
  values: ReadonlySet<string>;
  /** The text of the session's metadata there; null where there is none. */
  metadata: string | null;
}

/** The log files of a session at a commit or tree as they are, by path; empty where there are none. Nothing is parsed. */
export async function logFilesAt(repo: Repo, treeish: string, id: SessionId): Promise<LogFilesAt> {
  const { rows, values, metadata } = await listLog(repo, treeish, id);
  const [about, ...blobs] = await readMany(repo, [metadata, ...rows.map((row) => row.oid)]);
  const files = rows.map(({ path, oid }, n) => ({ path, oid, text: blobs[n]?.body.toString('utf8') ?? '' }));
  return { files, metadata: about?.body.toString('utf8') ?? null, values };
}

const RECENT = 4;

/** Keeps what was read of the last few commits: a command reads the log of one commit for its records and again to fold the journal behind it. */
export function ofCommit<T>(): (repo: Repo, treeish: string, id: SessionId, read: () => Promise<T>) => Promise<T> {
  const recent = new Map<string, Promise<T>>();
  return (repo, treeish, id, read) => {
    if (!/^[0-9a-f]{40,64}$/.test(treeish)) return read();
    const key = `${repo.commonDir}\0${id}\0${treeish}`;
    const found = recent.get(key) ?? read();
    recent.delete(key);
    recent.set(key, found);
    found.catch(() => recent.delete(key));
    for (const oldest of recent.keys()) {
      if (recent.size <= RECENT) break;
      recent.delete(oldest);
    }
    return found;
  };
}

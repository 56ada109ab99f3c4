/** What was uncommitted when a session started: the person's own work, which checkpoints hold back. Paths and blob ids, no content. */

import { rmSync } from 'node:fs';
import type { SessionId } from '../../core/session/session-id.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull, writeAtomic, writeSynced } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';

/** By path (a folder with a slash behind stands for all in it): the blob that the file had, or null where none was read (deleted, a folder of another repository, large or one of very many). */
export type DirtyFiles = Map<string, string | null>;

/** Keeps them for a session that does not stand yet, in this clone only. */
export function saveDirty(repo: Repo, id: SessionId, files: DirtyFiles): void {
  writeSynced(privatePaths(repo.commonDir).session(id), asText(files));
}

const asText = (files: DirtyFiles) => `${JSON.stringify({ version: 1, dirty: [...files] })}\n`;

/** Adds files of the person's to those that checkpoints hold back. */
export function addDirty(repo: Repo, id: SessionId, files: DirtyFiles): void {
  if (files.size > 0) writeAtomic(privatePaths(repo.commonDir).session(id), asText(new Map([...dirtyAtStart(repo, id), ...files])));
}

/** Whether a path, or a folder that it lies in, is among them. */
export function wasDirty(files: DirtyFiles, path: string): boolean {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) if (files.has(path.slice(0, end + 1))) return true;
  return files.has(path);
}

/** Forgets a session that did not come to be. */
export function dropDirty(repo: Repo, id: SessionId): void {
  rmSync(privatePaths(repo.commonDir).session(id), { force: true });
}

/** What was uncommitted when the session started; empty where nothing was, or where it started in another clone. */
export function dirtyAtStart(repo: { commonDir: string }, id: SessionId): DirtyFiles {
  const raw = asObject(parseJson(readOrNull(privatePaths(repo.commonDir).session(id)) ?? ''));
  const rows = Array.isArray(raw?.dirty) ? raw.dirty : [];
  return new Map(
    rows.flatMap((row): [string, string | null][] =>
      Array.isArray(row) && typeof row[0] === 'string' ? [[row[0], typeof row[1] === 'string' ? row[1] : null]] : [],
    ),
  );
}

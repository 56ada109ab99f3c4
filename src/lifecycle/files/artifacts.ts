/** The artifact folders of a session: made on disk, and listed from a commit. */

import { type Dirent, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { ARTIFACT_KINDS, type ArtifactKind, sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { listTree } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { foldersInTree, isReached } from '../../store/in-tree.ts';

/** Makes the five folders in a worktree; git keeps no empty ones, so each checkout needs it again. Behind a link nothing is made. */
export function ensureArtifactFolders(top: string, id: SessionId): void {
  for (const kind of ARTIFACT_KINDS) foldersInTree(top, sessionPaths(id).artifact(kind));
}

/** Removes the session's folders from a worktree as far as they are empty: what a checkout of another branch leaves behind. */
export function removeEmptyFolders(top: string, id: SessionId): void {
  const root = sessionPaths(id).root;
  if (!isReached(top, `${root}/x`)) return;
  removeEmpty(join(top, root));
  rmdirIfEmpty(join(top, 'sessions'));
}

function removeEmpty(dir: string): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) if (entry.isDirectory()) removeEmpty(join(dir, entry.name));
  rmdirIfEmpty(dir);
}

function rmdirIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // It holds something, or is not there: both are fine.
  }
}

export interface Artifact {
  kind: ArtifactKind;
  path: string;
  oid: string;
  /** Bytes. */
  size: number;
}

/** The session's artifacts at a commit or tree, by kind in the order of `ARTIFACT_KINDS`, then by path. */
export async function listArtifacts(repo: Repo, id: SessionId, treeish: string): Promise<Artifact[]> {
  const folder = `${sessionPaths(id).artifacts}/`;
  const rows = await listTree(repo, treeish, [folder]);
  const found = rows.flatMap(({ path, oid, size }): Artifact[] => {
    const kind = ARTIFACT_KINDS.find((name) => path.startsWith(`${folder}${name}/`));
    return kind ? [{ kind, path, oid, size: size ?? 0 }] : [];
  });
  return found.sort((a, b) => ARTIFACT_KINDS.indexOf(a.kind) - ARTIFACT_KINDS.indexOf(b.kind));
}

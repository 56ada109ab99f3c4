/** A session as one file for another machine: a git bundle of its branch (or its ref in the trash), tags and approvals. */

import { randomUUID } from 'node:crypto';
import { stateError } from '../core/errors.ts';
import { parseMetadata, sessionPaths } from '../core/session/metadata.ts';
import { asSessionId, idOfBranch, type SessionId } from '../core/session/session-id.ts';
import { oneLine } from '../core/text/text.ts';
import { trashRef } from '../core/trash-refs.ts';
import { readMany } from '../git/batch.ts';
import { bundleRefs, fetchBundle, writeBundle } from '../git/bundle.ts';
import { listRefNames, moveRefs, oidOf } from '../git/refs.ts';
import { GitError, type Repo } from '../git/run.ts';
import { idOfRef, prefixOf, type Session } from './session/session.ts';

/** The refs that were written. Throws (exit 1) where this clone has none of the session's own: it lies on base alone. */
export async function exportSession(repo: Repo, { id, branch }: Session, file: string): Promise<string[]> {
  const names = [`refs/heads/${branch}`, trashRef(id), `refs/tags/backup/${id}`, `refs/tags/backup/${id}.*`, `refs/tags/approval/${id}/`];
  const refs = await listRefNames(repo, names);
  if (refs.length === 0)
    throw stateError({
      what: `This clone has neither a branch nor a tag of ${id}.`,
      why: 'Only what landed of it is here, and travels with the branch that it landed on.',
      next: `Fetch its tag: git fetch <remote> tag backup/${id}`,
    });
  await writeBundle(repo, file, refs);
  return refs;
}

export interface Imported {
  id: SessionId;
  ref: string;
  oid: string;
  /** False where it stood here already. */
  made: boolean;
}

/** The refs that a bundle announces, each with its session. Throws (exit 1) where it is no bundle, or holds a ref that is no session's. */
export async function bundledSessions(repo: Repo, file: string): Promise<Omit<Imported, 'made'>[]> {
  const rows = await bundleRefs(repo, file).catch((error) => refuse(file, error));
  if (rows.length === 0) throw stateError({ what: `${oneLine(file, 120)} holds no ref.` });
  return rows.map((row) => ({ ...row, id: idOf(row.ref, prefixOf(repo)) ?? foreign(file, row.ref) }));
}

/** Makes the bundle's refs, all or none; one that stands elsewhere here stops it (exit 1), as does anything that is no session's. */
export async function importSession(repo: Repo, file: string): Promise<Imported[]> {
  const home = `refs/git-session/import/${randomUUID()}/`;
  try {
    const rows = await bundledSessions(repo, file);
    const imported: Imported[] = [];
    for (const row of rows) imported.push({ ...row, made: await isNew(repo, row.ref, row.oid) });
    await fetchBundle(
      repo,
      file,
      rows.map(({ ref }, i) => ({ ref, into: `${home}${i}` })),
    ).catch((error) => refuse(file, error));
    for (const [i, row] of rows.entries()) await checkOwn(repo, { ...row, file, at: `${home}${i}` });
    const moves = imported.filter(({ made }) => made).map(({ ref, oid }) => ({ ref, from: null, to: oid }));
    if (moves.length > 0) await moveRefs(repo, moves, 'git-session: backup import');
    return imported;
  } finally {
    const left = await listRefNames(repo, [home]);
    const drops = await Promise.all(left.map(async (ref) => ({ ref, from: await oidOf(repo, ref), to: null })));
    if (drops.length > 0) await moveRefs(repo, drops, 'git-session: backup import');
  }
}

/** The session that a ref of a bundle may belong to: a branch, a tag, an approval or the trash's way back, and nothing else. */
function idOf(ref: string, prefix: string): SessionId | null {
  const approval = /^refs\/tags\/approval\/([^/]+)\/[^/]+$/.exec(ref);
  if (approval) return asSessionId(approval[1] ?? '');
  const id = idOfRef(ref, prefix);
  if (!id) return null;
  if (ref.startsWith('refs/heads/')) return idOfBranch(ref.slice('refs/heads/'.length), prefix);
  return ref === trashRef(id) || /^refs\/tags\/backup\/[^/]+$/.test(ref) ? id : null;
}

async function isNew(repo: Repo, ref: string, oid: string): Promise<boolean> {
  const now = await oidOf(repo, ref);
  if (now !== null && now !== oid)
    throw stateError({
      what: `${oneLine(ref, 120)} stands at ${now.slice(0, 10)} here, and at ${oid.slice(0, 10)} in the bundle; nothing was overwritten.`,
      next: 'Bring both together by way of a remote: git session sync',
    });
  return now === null;
}

/** Throws (exit 1) unless what was fetched is what the bundle announced, and that is a state of the session that its name says. */
async function checkOwn(repo: Repo, { file, ref, oid, at, id }: { file: string; ref: string; oid: string; at: string; id: SessionId }) {
  const [text] = await readMany(repo, [`${at}^{commit}:${sessionPaths(id).metadata}`]);
  const metadata = text ? parseMetadata(text.body.toString('utf8')) : null;
  if ((await oidOf(repo, at)) === oid && metadata?.id === id) return;
  throw stateError({ what: `${oneLine(file, 120)}: ${oneLine(ref, 120)} holds no session ${id}; nothing was taken in.` });
}

function foreign(file: string, ref: string): never {
  throw stateError({
    what: `${oneLine(file, 120)} holds ${oneLine(ref, 120)}, which is no session's; nothing was taken in.`,
    next: 'A bundle of a session is made by: git session backup export',
  });
}

function refuse(file: string, error: unknown): never {
  if (!(error instanceof GitError)) throw error;
  throw stateError({ what: `${oneLine(file, 120)} cannot be read as a bundle; nothing was taken in.`, why: oneLine(error.message, 300) });
}

/** Every session that this clone shows: by branch, by backup tag, in the trash, or on a branch that it landed on. Reads only. */

import type { SessionState } from '../../core/session/metadata.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { asSessionId, idOfBranch, type SessionId } from '../../core/session/session-id.ts';
import { TRASH, trashRef } from '../../core/trash-refs.ts';
import { type GitObject, readMany, statMany } from '../../git/batch.ts';
import { refIds } from '../../git/ids.ts';
import { listFolder } from '../../git/objects.ts';
import { currentBranch, listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { asSession, idOfRef, prefixOf, type Session } from './session.ts';
import { deriveState } from './state.ts';

export interface Listed {
  session: Session;
  state: SessionState;
}

/** The sessions whose branch stands, newest first. */
export async function openSessions(repo: Repo): Promise<Listed[]> {
  return withStates(repo, await branchSessions(repo));
}

/** All of them, newest first. A handful of git processes, and a few more for each session that is not closed. */
export async function listSessions(repo: Repo): Promise<Listed[]> {
  const open = await branchSessions(repo);
  const landed = await landedSessions(repo, open);
  const landedMetadata = new Map(landed.map(({ session, blob }) => [session.id, blob]));
  // A branch that was made from a session's tells no more of it than that: its tag and the trash know better.
  const ended = landed.filter(({ session }) => session.metadata.status === 'closed');
  const rest = await otherSessions(repo, new Set([...open, ...ended].map(({ session }) => session.id)));
  const known = new Set([...open, ...rest].map(({ session }) => session.id));
  // The same metadata on a branch that it landed on says that it is closed; everything else has to be asked.
  const isClosed = (row: Found) => row.session.metadata.status === 'closed' && landedMetadata.get(row.session.id) === row.blob;
  const rows = [...open, ...rest, ...landed.filter(({ session }) => !known.has(session.id))];
  const closed = rows.filter(isClosed).map(({ session }): Listed => ({ session, state: 'closed' }));
  return newestFirst([
    ...closed,
    ...(await withStates(
      repo,
      rows.filter((row) => !isClosed(row)),
    )),
  ]);
}

interface Found {
  session: Session;
  /** Its metadata file. */
  blob: string;
}

interface Place {
  id: SessionId;
  ref: string;
  tip: string;
  worktree: string | null;
  /** Name of the metadata file's blob. */
  file: string;
}

async function branchSessions(repo: Repo): Promise<Found[]> {
  const prefix = prefixOf(repo);
  const rows = await listRefs(repo, [`refs/heads/${prefix}`]);
  const places = rows.flatMap(({ ref, oid, worktree }): Place[] => {
    const id = idOfBranch(ref.slice('refs/heads/'.length), prefix);
    return id ? [{ id, ref, tip: oid, worktree: worktree || null, file: `${oid}:${sessionPaths(id).metadata}` }] : [];
  });
  return readPlaces(repo, places);
}

/** Sessions with a folder on this branch, on the bases of open sessions, and on the remote's default branch. */
async function landedSessions(repo: Repo, open: Found[]): Promise<Found[]> {
  const prefix = prefixOf(repo);
  const head = await currentBranch(repo);
  const names = new Set([...(head ? [head] : []), ...open.map(({ session }) => session.metadata.base), 'main', 'master']);
  const refs = [...names].filter((name) => !idOfBranch(name, prefix)).map((name) => `refs/heads/${name}`);
  const tips = await readMany(repo, [...refs, 'refs/remotes/origin/HEAD']);
  const places = new Map<SessionId, Place>();
  for (const [i, ref] of [...refs, 'refs/remotes/origin/HEAD'].entries()) {
    const tip = tips[i]?.oid;
    if (!tip) continue;
    for (const { name, oid } of await listFolder(repo, tip, 'sessions')) {
      const id = asSessionId(name);
      // The folder's own tree holds the file: nothing large has to be walked for each of ten thousand.
      if (id && !places.has(id)) places.set(id, { id, ref, tip, worktree: null, file: `${oid}:metadata.json` });
    }
  }
  return readPlaces(repo, [...places.values()]);
}

/** Sessions that only a backup tag or the trash shows. */
async function otherSessions(repo: Repo, known: ReadonlySet<SessionId>): Promise<Found[]> {
  const prefix = prefixOf(repo);
  const places = new Map<SessionId, Place>();
  for (const { ref, oid } of [...(await refIds(repo, TRASH)), ...(await refIds(repo, 'refs/tags/backup/'))]) {
    const id = idOfRef(ref, prefix);
    // In the trash only the branch counts. Later rows replace earlier ones: a tag the trash, and `backup/<id>.2` the first.
    if (!id || known.has(id) || (ref.startsWith('refs/git-session/') && ref !== trashRef(id))) continue;
    places.set(id, { id, ref, tip: oid, worktree: null, file: '' });
  }
  const rows = [...places.values()];
  const commits = await statMany(
    repo,
    rows.map((row) => `${row.tip}^{commit}`),
  );
  const found = rows.flatMap((row, i) => {
    const tip = commits[i]?.oid;
    return tip ? [{ ...row, tip, file: `${tip}:${sessionPaths(row.id).metadata}` }] : [];
  });
  return readPlaces(repo, found);
}

async function readPlaces(repo: Repo, places: Place[]): Promise<Found[]> {
  const files: (GitObject | null)[] = await readMany(
    repo,
    places.map((place) => place.file),
  );
  return places.flatMap(({ id, ref, tip, worktree }, i) => {
    const file = files[i];
    const session = file ? asSession(repo, id, file.body, { ref, tip, worktree }) : null;
    return session && file ? [{ session, blob: file.oid }] : [];
  });
}

async function withStates(repo: Repo, rows: Found[]): Promise<Listed[]> {
  const listed: Listed[] = [];
  // A few at a time: each asks git, and there may be many.
  for (let from = 0; from < rows.length; from += 8) {
    const some = rows.slice(from, from + 8);
    listed.push(...(await Promise.all(some.map(async ({ session }) => ({ session, state: await deriveState(repo, session) })))));
  }
  return newestFirst(listed);
}

function newestFirst(rows: Listed[]): Listed[] {
  return rows.sort((a, b) => (a.session.id < b.session.id ? 1 : -1));
}

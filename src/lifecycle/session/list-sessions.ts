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
import { asSession, idOfRef, prefixOf, remoteBases, type Session } from './session.ts';
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
  const onBase = await heldByBase(repo, landed);
  // The same metadata on its base says that it is closed; everything else has to be asked.
  const isClosed = (row: Found) => row.session.metadata.status === 'closed' && onBase.get(row.session.id) === row.blob;
  // Another branch that has it tells no more of it than that: its tag and the trash know better.
  const ended = landed.filter(isClosed);
  const rest = await otherSessions(repo, new Set([...open, ...ended].map(({ session }) => session.id)));
  const known = new Set([...open, ...rest].map(({ session }) => session.id));
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
  /** The tree of its folder, where that was listed. */
  folder: string | null;
}

interface Place {
  id: SessionId;
  ref: string;
  tip: string;
  worktree: string | null;
  /** Name of the metadata file's blob. */
  file: string;
  folder?: string;
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

/** Sessions with a folder on the bases of open sessions, on the remote's, and on this branch. */
async function landedSessions(repo: Repo, open: Found[]): Promise<Found[]> {
  const prefix = prefixOf(repo);
  const head = await currentBranch(repo);
  // Bases first: what another branch has of a landing says nothing, where base has it no more.
  const names = new Set([...open.map(({ session }) => session.metadata.base), 'main', 'master']);
  const bases = [...names].filter((name) => !idOfBranch(name, prefix)).map((name) => `refs/heads/${name}`);
  const here = head && !idOfBranch(head, prefix) ? [`refs/heads/${head}`] : [];
  const refs = [...new Set([...bases, ...(await remoteBases(repo)), ...here])];
  const tips = await readMany(repo, refs);
  const places = new Map<SessionId, Place>();
  for (const [i, ref] of refs.entries()) {
    const tip = tips[i]?.oid;
    if (!tip) continue;
    for (const { name, oid } of await listFolder(repo, tip, 'sessions')) {
      const id = asSessionId(name);
      // The folder's own tree holds the file: nothing large has to be walked for each of ten thousand.
      if (id && !places.has(id)) places.set(id, { id, ref, tip, worktree: null, file: `${oid}:metadata.json`, folder: oid });
    }
  }
  return readPlaces(repo, [...places.values()]);
}

/** By id the metadata file of those whose own base has them, here or as the remote has it. Two more processes for each base that is not where they were found. */
async function heldByBase(repo: Repo, landed: readonly Found[]): Promise<Map<SessionId, string>> {
  const folders = new Map<string, Promise<Map<string, string>>>();
  const list = (ref: string) => {
    const known = folders.get(ref) ?? listFolder(repo, ref, 'sessions').then((rows) => new Map(rows.map(({ name, oid }) => [name, oid])));
    folders.set(ref, known);
    return known;
  };
  const held = new Map<SessionId, string>();
  for (const { session, blob, folder } of landed) {
    const homes = [`refs/heads/${session.metadata.base}`, `refs/remotes/origin/${session.metadata.base}`];
    const there = async (ref: string) => (await list(ref)).get(session.id) === folder;
    if (homes.includes(session.ref) || (await Promise.all(homes.map(there))).includes(true)) held.set(session.id, blob);
  }
  return held;
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
  return places.flatMap(({ id, ref, tip, worktree, folder = null }, i) => {
    const file = files[i];
    const session = file ? asSession(repo, id, file.body, { ref, tip, worktree }) : null;
    return session && file ? [{ session, blob: file.oid, folder }] : [];
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

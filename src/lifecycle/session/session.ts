/** Finding sessions: the one that is checked out, or the one that a word names. */

import { stateError, usageError } from '../../core/errors.ts';
import { parseMetadata, readMetadata, type SessionMetadata, sessionPaths } from '../../core/session/metadata.ts';
import { asSessionId, branchOf, DEFAULT_PREFIX, idOfBranch, matchIds, type SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { TRASH, trashRef } from '../../core/trash-refs.ts';
import { readMany } from '../../git/batch.ts';
import { listFolder } from '../../git/objects.ts';
import { currentBranch, listRefNames, listRefs, symbolicRef } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';

/** A session that has a branch, a backup tag or a trash ref in this clone, or lies on a branch that was read. */
export interface Session {
  id: SessionId;
  metadata: SessionMetadata;
  /** Short name of the session branch, whether it still exists or not. */
  branch: string;
  /** Where its newest commit was found, as a full ref: the branch, the backup tag, the trash, or a branch that it landed on. */
  ref: string;
  /** That commit. */
  tip: string;
  /** The worktree that has the branch checked out, or null. */
  worktree: string | null;
}

const TAGS = 'refs/tags/backup/';

/** The branch prefix in force in this clone. */
export function prefixOf(repo: Repo): string {
  return compiledPolicy(repo.commonDir).branch.prefix || DEFAULT_PREFIX;
}

/** Every session with a branch, a backup tag or a trash ref, by id, newest first. One listing of names; no object is read. */
export async function sessionIds(repo: Repo): Promise<SessionId[]> {
  const prefix = prefixOf(repo);
  const names = await listRefNames(repo, [`refs/heads/${prefix}`, TAGS, TRASH]);
  const ids = names.flatMap((ref) => idOfRef(ref, prefix) ?? []);
  return [...new Set(ids)].sort().reverse();
}

/** The session that a ref belongs to, or null. Tags and trash may carry a `.2` or another word behind the id. */
export function idOfRef(ref: string, prefix: string): SessionId | null {
  if (ref.startsWith('refs/heads/')) return idOfBranch(ref.slice('refs/heads/'.length), prefix);
  const home = [TAGS, TRASH].find((start) => ref.startsWith(start));
  return home ? asSessionId(ref.slice(home.length).split(/[./]/)[0] ?? '') : null;
}

/** The session with this id, or null where nothing in this clone shows it or its metadata cannot be read. */
export async function loadSession(repo: Repo, id: SessionId): Promise<Session | null> {
  const branch = branchOf(id, prefixOf(repo));
  const rows = await listRefs(repo, [`refs/heads/${branch}`, `${TAGS}${id}`, `${TAGS}${id}.*`, trashRef(id)]);
  // Branch before tag before trash; of several tags the last one, which replaced the others.
  const ranked = [
    `refs/heads/${branch}`,
    ...rows
      .map((row) => row.ref)
      .filter((ref) => ref.startsWith(TAGS))
      .sort()
      .reverse(),
    trashRef(id),
  ];
  const row = ranked.flatMap((ref) => rows.find((candidate) => candidate.ref === ref) ?? [])[0];
  if (!row) return landedSession(repo, id);
  const oid = row.peeled || row.oid;
  const [text] = await readMany(repo, [`${oid}:${sessionPaths(id).metadata}`]);
  return asSession(repo, id, text?.body, { ref: row.ref, tip: oid, worktree: row.worktree || null });
}

/** A session of which this clone has neither branch nor tag, read from a branch that it landed on: this one, or a usual base. */
async function landedSession(repo: Repo, id: SessionId): Promise<Session | null> {
  const head = await currentBranch(repo);
  const refs = [...(head ? [`refs/heads/${head}`] : []), ...(await remoteBases(repo)), 'refs/heads/main', 'refs/heads/master'];
  const objects = await readMany(
    repo,
    refs.flatMap((ref) => [ref, `${ref}:${sessionPaths(id).metadata}`]),
  );
  for (const [i, ref] of refs.entries()) {
    const tip = objects[2 * i]?.oid;
    const session = tip ? asSession(repo, id, objects[2 * i + 1]?.body, { ref, tip, worktree: null }) : null;
    if (session) return session;
  }
  return null;
}

/**
 * Where a remote keeps what landed, as full refs: its default branch, else a usual base. A clone of a checkout takes for the default
 * whatever was checked out there, and on a session's branch nothing has landed.
 */
export async function remoteBases(repo: Repo): Promise<string[]> {
  const home = 'refs/remotes/origin/';
  const named = await symbolicRef(repo, `${home}HEAD`);
  const isBase = named?.startsWith(home) && !idOfBranch(named.slice(home.length), prefixOf(repo));
  return named && isBase ? [named] : [`${home}main`, `${home}master`];
}

/** True for a session of which this clone has neither branch (its own or a remote's) nor tag: it was read from a branch that it landed on. */
export function isLandedOnly(session: Pick<Session, 'ref' | 'branch'>): boolean {
  return !session.ref.endsWith(`/${session.branch}`) && !session.ref.startsWith(TAGS) && !session.ref.startsWith(TRASH);
}

/** The session whose metadata this is, or null where it is none or another's. */
export function asSession(
  repo: Repo,
  id: SessionId,
  text: Buffer | undefined,
  at: Pick<Session, 'ref' | 'tip' | 'worktree'>,
): Session | null {
  const metadata = text ? parseMetadata(text.toString('utf8')) : null;
  return metadata?.id === id ? { id, metadata, branch: branchOf(id, prefixOf(repo)), ...at } : null;
}

/**
 * The session of this checkout: the branch says so. GIT_SESSION_ID counts only where no session branch is checked out
 * and that session's branch exists. Null outside a session.
 */
export async function currentSession(repo: Repo): Promise<Session | null> {
  const branch = await currentBranch(repo);
  const prefix = prefixOf(repo);
  const id = branch === null ? null : idOfBranch(branch, prefix);
  if (branch !== null && id) {
    const ref = `refs/heads/${branch}`;
    const [commit, text] = await readMany(repo, [ref, `${ref}:${sessionPaths(id).metadata}`]);
    return commit ? asSession(repo, id, text?.body, { ref, tip: commit.oid, worktree: repo.top }) : null;
  }
  const named = process.env.GIT_SESSION_ID;
  if (!named) return null;
  const ids = matchIds(named, await sessionIds(repo), prefix);
  const only = ids.length === 1 ? ids[0] : undefined;
  const session = only ? await loadSession(repo, only) : null;
  return session?.ref.startsWith('refs/heads/') && session.metadata.status === 'active' ? session : null;
}

/** Of several that a word names, the only one that this holds for is meant. */
export type Meant = (session: Session) => boolean | Promise<boolean>;

/** The session that `word` names, else the checked-out one. Throws (exit 1) with what to do where there is none or several. */
export async function resolveSession(repo: Repo, word?: string, meant?: Meant): Promise<Session> {
  if (word === undefined || word === '') {
    const here = await currentSession(repo);
    if (here) return here;
    const branch = await currentBranch(repo);
    await refuseUnreadable(repo, branch === null ? null : idOfBranch(branch, prefixOf(repo)));
    throw stateError({
      what: 'No session is checked out here.',
      next: 'Start one with: git session start <topic>, or name one (git session list shows them).',
    });
  }
  if (word.length > 200) throw usageError({ what: 'That is too long to be a session id.' });
  const prefix = prefixOf(repo);
  const exact = idOfBranch(word, prefix) ?? asSessionId(word);
  const whole = exact ? await loadSession(repo, exact) : null;
  if (whole) return whole;
  const named = matchIds(word, await sessionIds(repo), prefix);
  const ids = named.length > 0 ? named : matchIds(word, await landedIds(repo, 'HEAD'), prefix);
  const [only, second] = ids;
  if (only && second) {
    const one = meant ? await onlyMeant(repo, ids, meant) : null;
    if (one) return one;
    throw stateError({
      what: `"${oneLine(word, 60)}" names ${ids.length} sessions.`,
      next: ids.slice(0, MANY).join('\n'),
    });
  }
  const session = only ? await loadSession(repo, only) : null;
  if (session) return session;
  await refuseUnreadable(repo, only ?? exact);
  throw stateError({
    what: `There is no session "${oneLine(word, 60)}" in this clone.`,
    why: 'A session is named by its id or a beginning of it, which is its date, or by its whole topic.',
    next: await whereElse(repo, word, prefix),
  });
}

/** So many sessions of one word are told apart, or listed. */
const MANY = 10;

async function onlyMeant(repo: Repo, ids: readonly SessionId[], meant: Meant): Promise<Session | null> {
  if (ids.length > MANY) return null;
  const fitting: Session[] = [];
  for (const id of ids) {
    const session = await loadSession(repo, id);
    if (session && (await meant(session))) fitting.push(session);
  }
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

async function whereElse(repo: Repo, word: string, prefix: string): Promise<string> {
  if (await isPlainBranch(repo, word)) return `It is a plain branch: git switch ${oneLine(word, 60)}. The sessions: git session list`;
  const rows = await listRefs(repo, ['refs/remotes/']);
  const there = rows.flatMap(({ ref }) => idOfBranch(ref.replace(/^refs\/remotes\/[^/]+\//, ''), prefix) ?? []);
  const [only, second] = new Set(matchIds(word, there, prefix));
  return only && !second
    ? `It is on a remote; take it in with: git session sync ${only}`
    : 'See those of this clone with: git session list. One of another clone comes with: git fetch, then git session sync <session>';
}

/** Only a plain word may stand in a command line that somebody will type. */
async function isPlainBranch(repo: Repo, word: string): Promise<boolean> {
  return (
    /^[A-Za-z0-9][\w./-]*$/.test(word) && (await listRefs(repo, [`refs/heads/${word}`])).some(({ ref }) => ref === `refs/heads/${word}`)
  );
}

/** A session whose branch stands and whose metadata cannot be read. */
export interface Unreadable {
  id: SessionId;
  /** Safe to print. */
  why: string;
}

/** Those of all session branches, or of one session's. */
export async function unreadableSessions(repo: Repo, only?: SessionId): Promise<Unreadable[]> {
  const prefix = prefixOf(repo);
  const rows = await listRefs(repo, [only ? `refs/heads/${branchOf(only, prefix)}` : `refs/heads/${prefix}`]);
  const branches = rows.flatMap(({ ref, oid }) => {
    const id = idOfRef(ref, prefix);
    return id ? [{ id, file: `${oid}:${sessionPaths(id).metadata}` }] : [];
  });
  const files = await readMany(
    repo,
    branches.map(({ file }) => file),
  );
  return branches.flatMap(({ id }, i) => {
    const why = whyUnreadable(id, files[i]?.body);
    return why === null ? [] : [{ id, why }];
  });
}

function whyUnreadable(id: SessionId, text: Buffer | undefined): string | null {
  const { metadata: path } = sessionPaths(id);
  if (!text) return `${path} is not on its branch`;
  const read = readMetadata(text.toString('utf8'));
  if ('wrong' in read) return `in ${path} ${read.wrong}`;
  return read.metadata.id === id ? null : `${path} is of ${read.metadata.id}`;
}

/** Throws (exit 1) where the session has a branch, and what it says of itself cannot be read. */
async function refuseUnreadable(repo: Repo, id: SessionId | null): Promise<void> {
  const [found] = id ? await unreadableSessions(repo, id) : [];
  if (!found) return;
  throw stateError({
    what: `${found.id} cannot be read.`,
    why: `Its branch is here, but ${found.why}.`,
    next: `See what changed it: git log -p ${branchOf(found.id, prefixOf(repo))} -- ${sessionPaths(found.id).metadata}`,
  });
}

/** Ids with a folder under `sessions/` at a commit, newest first. */
async function landedIds(repo: Repo, treeish: string): Promise<SessionId[]> {
  const rows = await listFolder(repo, treeish, 'sessions');
  return rows
    .flatMap((row) => asSessionId(row.name) ?? [])
    .sort()
    .reverse();
}

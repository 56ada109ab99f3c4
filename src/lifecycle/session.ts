/** Finding sessions: the one that is checked out, or the one that a word names. */

import { stateError, usageError } from '../core/errors.ts';
import { parseMetadata, type SessionMetadata, sessionPaths } from '../core/metadata.ts';
import { branchOf, DEFAULT_PREFIX, idOfBranch, matchIds, type SessionId } from '../core/session-id.ts';
import { oneLine } from '../core/text.ts';
import { readAt } from '../git/objects.ts';
import { commitOf, currentBranch, listRefs } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';

/** A session that has a branch, a backup tag or a trash ref in this clone, or lies on a branch that was read. */
export interface Session {
  id: SessionId;
  metadata: SessionMetadata;
  /** Short name of the session branch, whether it still exists or not. */
  branch: string;
  /** Where its newest commit was found, as a full ref: the branch, the backup tag, or the trash. */
  ref: string;
  /** That commit. */
  tip: string;
  /** The worktree that has the branch checked out, or null. */
  worktree: string | null;
}

/** The branch prefix in force in this clone. */
export function prefixOf(repo: Repo): string {
  return compiledPolicy(repo.commonDir).branch.prefix || DEFAULT_PREFIX;
}

/** Every session with a branch, a backup tag or a trash ref, by id, newest first. One ref listing; no metadata is read. */
export async function sessionIds(repo: Repo): Promise<SessionId[]> {
  return [...(await sessionRefs(repo)).keys()].sort().reverse();
}

interface Place {
  ref: string;
  oid: string;
  worktree: string | null;
}

/** Ids with the ref that shows them best: branch before tag before trash. */
async function sessionRefs(repo: Repo): Promise<Map<SessionId, Place>> {
  const prefix = prefixOf(repo);
  const rows = await listRefs(repo, [`refs/heads/${prefix}`, 'refs/tags/backup/', 'refs/git-session/trash/']);
  const found = new Map<SessionId, Place>();
  for (const heads of ['refs/heads/', 'refs/tags/backup/', 'refs/git-session/trash/']) {
    for (const row of rows) {
      if (!row.ref.startsWith(heads)) continue;
      const rest = row.ref.slice(heads.length);
      const id = idOfBranch(heads === 'refs/heads/' ? rest : branchOfTrashOrTag(rest, prefix), prefix);
      if (id && !found.has(id)) found.set(id, { ref: row.ref, oid: row.peeled || row.oid, worktree: row.worktree || null });
    }
  }
  return found;
}

/** `session-…` as tags and trash name it, also with a `.2` or `/<n>` behind. */
function branchOfTrashOrTag(rest: string, prefix: string): string {
  const id = rest.split(/[./]/)[0] ?? '';
  return id.startsWith('session-') ? prefix + id.slice('session-'.length) : '';
}

/** The session with this id, or null where no ref shows it or its metadata cannot be read. */
export async function loadSession(repo: Repo, id: SessionId): Promise<Session | null> {
  const place = (await sessionRefs(repo)).get(id);
  return place ? at(repo, id, place) : null;
}

async function at(repo: Repo, id: SessionId, place: Place): Promise<Session | null> {
  const text = await readAt(repo, place.oid, sessionPaths(id).metadata);
  const metadata = text === null ? null : parseMetadata(text);
  if (!metadata || metadata.id !== id) return null;
  return { id, metadata, branch: branchOf(id, prefixOf(repo)), ref: place.ref, tip: place.oid, worktree: place.worktree };
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
    const tip = await commitOf(repo, `refs/heads/${branch}`);
    return tip ? at(repo, id, { ref: `refs/heads/${branch}`, oid: tip, worktree: repo.top }) : null;
  }
  const named = process.env.GIT_SESSION_ID;
  if (!named) return null;
  const ids = matchIds(named, await sessionIds(repo), prefix);
  const only = ids.length === 1 ? ids[0] : undefined;
  const session = only ? await loadSession(repo, only) : null;
  return session?.ref.startsWith('refs/heads/') && session.metadata.status === 'active' ? session : null;
}

/** The session that `word` names, else the checked-out one. Throws (exit 1) with what to do where there is none or several. */
export async function resolveSession(repo: Repo, word?: string): Promise<Session> {
  if (word === undefined || word === '') {
    const here = await currentSession(repo);
    if (here) return here;
    throw stateError({
      what: 'No session is checked out here.',
      next: 'Start one with: git session start <topic>, or name one (git session list shows them).',
    });
  }
  if (word.length > 200) throw usageError({ what: 'That is too long to be a session id.' });
  const ids = matchIds(word, await sessionIds(repo), prefixOf(repo));
  const [only, second] = ids;
  if (only && second) {
    throw stateError({
      what: `"${oneLine(word, 60)}" names ${ids.length} sessions.`,
      next: ids.slice(0, 10).join('\n'),
    });
  }
  const session = only ? await loadSession(repo, only) : null;
  if (session) return session;
  throw stateError({ what: `There is no session "${oneLine(word, 60)}" in this clone.`, next: 'See them all with: git session list' });
}

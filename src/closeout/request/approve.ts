/** Finds the session that somebody wants to approve, also where this clone has only the remote's branch of it. */

import { sessionPaths } from '../../core/session/metadata.ts';
import { idOfBranch, matchIds, type SessionId } from '../../core/session/session-id.ts';
import { readMany } from '../../git/batch.ts';
import { isAncestor, listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { asSession, loadSession, prefixOf, resolveSession, type Session } from '../../lifecycle/session/session.ts';

/**
 * The session that `word` names, else the checked-out one. Where a remote, as last fetched, has its branch further on than this clone, that one
 * is meant: an approver signs what was pushed. Throws (exit 1) where there is none or several.
 */
export async function sessionToApprove(repo: Repo, word?: string): Promise<Session> {
  const pushed = await pushedSessions(repo);
  const named = word ? matchIds(word, [...pushed.keys()], prefixOf(repo)) : [];
  const [only] = named;
  const local = named.length === 1 && only ? await loadSession(repo, only) : await resolveSession(repo, word);
  const there = only ? pushed.get(only) : local ? pushed.get(local.id) : undefined;
  if (!there) return local ?? resolveSession(repo, word);
  if (!local) return there;
  const ahead = there.tip !== local.tip && (await isAncestor(repo, local.tip, there.tip));
  return ahead ? there : local;
}

/** Sessions whose branch a remote has, as last fetched. */
async function pushedSessions(repo: Repo): Promise<Map<SessionId, Session>> {
  const prefix = prefixOf(repo);
  const rows = (await listRefs(repo, [`refs/remotes/*/${prefix}*`])).flatMap((row) => {
    const branch = row.ref.split('/').slice(3).join('/');
    const id = idOfBranch(branch, prefix);
    return id ? [{ id, ref: row.ref, oid: row.oid }] : [];
  });
  const texts = await readMany(
    repo,
    rows.map(({ id, oid }) => `${oid}:${sessionPaths(id).metadata}`),
  );
  const found = new Map<SessionId, Session>();
  for (const [i, { id, ref, oid }] of rows.entries()) {
    const session = asSession(repo, id, texts[i]?.body, { ref, tip: oid, worktree: null });
    if (session && !found.has(id)) found.set(id, session);
  }
  return found;
}

/** Which sessions changed a path. Reads only. */

import type { SessionId } from '../../core/session/session-id.ts';
import { changesSinceFork } from '../../git/objects.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import type { Listed } from './list-sessions.ts';
import { isLandedOnly } from './session.ts';

/** Of these sessions, the ids of those that changed the path (relative to the top) or anything below it: on their branch, or by landing. */
export async function sessionsTouching(repo: Repo, listed: readonly Listed[], path: string): Promise<Set<SessionId>> {
  const touching = new Set<SessionId>();
  const landed = listed.filter(({ state }) => state === 'closed');
  const bases = new Set(landed.map(({ session }) => (isLandedOnly(session) ? session.ref : `refs/heads/${session.metadata.base}`)));
  for (const base of bases) {
    const tip = await commitOf(repo, base);
    for (const id of tip ? await landingsTouching(repo, tip, path) : []) touching.add(id);
  }
  for (const { session, state } of listed) {
    const base = state === 'closed' ? null : await commitOf(repo, `refs/heads/${session.metadata.base}`);
    const changes = base ? await changesSinceFork(repo, base, session.tip) : null;
    if (changes?.some((change) => change.path === path || change.path.startsWith(`${path}/`))) touching.add(session.id);
  }
  return touching;
}

/** Sessions that arrived on the branch in a commit that changed the path. */
async function landingsTouching(repo: Repo, tip: string, path: string): Promise<SessionId[]> {
  const [arrivals, changes] = await Promise.all([
    firstParentChanges(repo, tip, ['sessions/*/metadata.json']),
    firstParentChanges(repo, tip, [`:(top,literal)${path}`]),
  ]);
  const commits = new Set(changes.map((change) => change.commit));
  return arrivals.filter((row) => row.after !== null && commits.has(row.commit)).map((row) => row.path.split('/')[1] as SessionId);
}

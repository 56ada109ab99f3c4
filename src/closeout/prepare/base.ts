/** Where a session lands, and whether that branch can take it. */

import { stateError } from '../../core/errors.ts';
import { parseMetadata, sessionPaths } from '../../core/session/metadata.ts';
import { idOfBranch } from '../../core/session/session-id.ts';
import { count } from '../../core/text/text.ts';
import { countCommits, mergeBase, upstreamOf } from '../../git/ancestry.ts';
import { readAt } from '../../git/objects.ts';
import { commitOf, isAncestor } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { loadSession, prefixOf, type Session } from '../../lifecycle/session/session.ts';
import { remoteOf } from '../land/push-line.ts';

export interface Base {
  /** Short name. */
  branch: string;
  /** Full name. */
  ref: string;
  commit: string;
}

/**
 * The branch that the session lands on: its base, or, where that was a session that has landed meanwhile, that one's base. By pull request
 * it lands at the remote: where that is further on, as last fetched, its commit counts.
 * Throws (exit 1) where there is no such branch, and where the session is stacked on one that is still open.
 */
export async function landingBase(repo: Repo, session: Session, by: 'local' | 'pr' = 'local'): Promise<Base> {
  let branch = session.metadata.base;
  for (let depth = 0; depth < 20; depth++) {
    const below = idOfBranch(branch, prefixOf(repo));
    if (!below) {
      const commit = await tipOf(repo, branch, by);
      if (commit) return { branch, ref: `refs/heads/${branch}`, commit };
      throw stateError({
        what: `The branch ${branch}, from which the session started, is not in this clone.`,
        next: `Fetch it, for example with: git branch ${branch} origin/${branch}`,
      });
    }
    const parent = await loadSession(repo, below);
    if (!parent) {
      throw stateError({
        what: `The session is stacked on ${below}, which is not in this clone.`,
        next: 'Fetch its branch or its backup tag.',
      });
    }
    if (!(await landed(repo, parent))) {
      throw stateError({
        what: `The session is stacked on ${below}, which has not landed.`,
        why: 'It lands after that one, on the same branch.',
        next: `Close that one first: git session closeout ${below}`,
      });
    }
    branch = parent.metadata.base;
  }
  throw stateError({ what: 'The session is stacked on too many others.' });
}

async function tipOf(repo: Repo, branch: string, by: 'local' | 'pr'): Promise<string | null> {
  const local = await commitOf(repo, `refs/heads/${branch}`);
  if (by === 'local') return local;
  const tracked = await trackedRef(repo, branch);
  const there = tracked ? await commitOf(repo, tracked) : null;
  if (local === null || there === null) return local ?? there;
  return (await isAncestor(repo, local, there)) ? there : local;
}

/** Its metadata on its own base says closed: that is what a seal leaves there. */
async function landed(repo: Repo, session: Session): Promise<boolean> {
  const text = await readAt(repo, `refs/heads/${session.metadata.base}`, sessionPaths(session.id).metadata);
  return text !== null && parseMetadata(text)?.status === 'closed';
}

/** Where the session left base. Throws (exit 1) where they share no history. */
export async function forkPoint(repo: Repo, base: Base, tip: string): Promise<string> {
  const fork = await mergeBase(repo, base.commit, tip);
  if (fork) return fork;
  throw stateError({
    what: `The session shares no history with ${base.branch}.`,
    ...(repo.shallow ? { why: 'This is a shallow clone.', next: 'Deepen it with: git fetch --unshallow' } : {}),
  });
}

/** Throws (exit 1) where base is behind the remote as last fetched: the landing could not be pushed. */
export async function notBehind(repo: Repo, base: Base): Promise<void> {
  const behind = await behindRemote(repo, base);
  if (!behind) return;
  throw stateError({
    what: `${base.branch} is ${count(behind.commits, 'commit')} behind ${behind.name}, as last fetched.`,
    why: 'A landing on it could not be pushed.',
    next: `Bring ${base.branch} up to date first (in a checkout of it: git pull --ff-only), then close out again.`,
  });
}

/** By how many commits it is behind the remote as last fetched, and the short name of what it tracks there; null where it is not. */
export async function behindRemote(repo: Repo, base: Pick<Base, 'branch' | 'commit'>): Promise<{ commits: number; name: string } | null> {
  const tracked = await trackedRef(repo, base.branch);
  const there = tracked ? await commitOf(repo, tracked) : null;
  const commits = there ? await countCommits(repo, base.commit, there) : 0;
  return commits === 0 || !tracked ? null : { commits, name: tracked.replace('refs/remotes/', '') };
}

/** Full name of the remote-tracking ref of a local branch: what it tracks, else the branch of that name at the remote that it is pushed to. */
async function trackedRef(repo: Repo, branch: string): Promise<string | null> {
  const upstream = await upstreamOf(repo, branch);
  if (upstream) return upstream.ref;
  const remote = await remoteOf(repo, branch, null);
  return remote === null ? null : `refs/remotes/${remote}/${branch}`;
}

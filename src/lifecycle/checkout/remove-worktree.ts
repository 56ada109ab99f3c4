/** Takes a linked worktree away where that drops nothing; what only its reflog leads to is kept in the trash. */

import { existsSync } from 'node:fs';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { partRef } from '../../core/trash-refs.ts';
import { scratchCommit } from '../../git/checkout-tree.ts';
import { treeOf } from '../../git/commit-tree.ts';
import { commitOf, moveRefs } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { dropWorktree, everOn, relinkWorktree, unheldTips } from '../../git/worktrees.ts';
import { withLock } from '../../store/lock.ts';
import { type KeepOptions, whyKept } from './worktree-kept.ts';

export interface RemoveRequest extends KeepOptions {
  top: string;
  /** Whose trash takes what only the worktree's reflog holds. */
  session: SessionId;
  /** The commit that HEAD must be on for it; null: any that a ref holds. */
  at: string | null;
}

/** `kept`: the ref in the trash with what nothing else held; null where there was no such thing. */
export type Removal = { removed: true; kept: string | null } | { removed: false; why: string };

/** Removes the worktree, or says why it stays, as the end of "it stays: …". `repo` must lie in another one. */
export function removeWorktree(repo: Repo, request: RemoveRequest): Promise<Removal> {
  return withLock(repo.commonDir, 'worktrees', () => remove(repo, request), { timeoutMs: 60_000 });
}

async function remove(repo: Repo, { top, session, at, begun = false, refillable }: RemoveRequest): Promise<Removal> {
  // git deletes the files first, `.git` among them, and what it knows of the worktree last.
  if (begun && !existsSync(top)) return outcome(await dropWorktree(repo, top), null);
  if (begun && !relinkWorktree(repo, top)) return { removed: false, why: 'git does not know it any more' };
  const why = await whyKept(repo, top, { refillable, begun });
  if (why !== null) return { removed: false, why };
  const there = repoAt(repo, top);
  if (at !== null && (await commitOf(there, 'HEAD')) !== at) return { removed: false, why: 'somebody has been at work there' };
  const kept = await keepUnheld(repo, there, session);
  return outcome(await dropWorktree(repo, top, begun), kept);
}

const outcome = (refused: string | null, kept: string | null): Removal =>
  refused === null ? { removed: true, kept } : { removed: false, why: `git did not remove it: ${oneLine(refused, 200)}` };

/** Commits that were amended, reset or left on a detached HEAD live by the worktree's reflog, which goes with it. */
async function keepUnheld(repo: Repo, there: Repo, session: SessionId): Promise<string | null> {
  const [first, ...more] = await unheldTips(repo, await everOn(there));
  if (first === undefined) return null;
  const message = `Commits that only the reflog of ${oneLine(there.top, 200)} held`;
  const commit = more.length === 0 ? first : await scratchCommit(repo, await treeOf(repo, first), [first, ...more], message);
  const ref = partRef(session, 'reflog', commit.slice(0, 12));
  await moveRefs(repo, [{ ref, from: null, to: commit }], `git-session: the worktree of ${session} goes`);
  return ref;
}

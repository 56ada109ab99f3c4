/** A session's worktree is to go: what its chat did is committed, what nobody committed is kept in the trash, and only then it is removed, if nothing is lost by that. */

import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import type { Answer, ChatEvent } from '../agents/event.ts';
import { SessionError } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';
import { readWorktrees } from '../git/porcelain.ts';
import { currentBranch } from '../git/refs.ts';
import { repoAt } from '../git/repo.ts';
import { GitError, type Repo } from '../git/run.ts';
import { apartNote, branchesApart } from '../lifecycle/apart.ts';
import { removeWorktree } from '../lifecycle/checkout/remove-worktree.ts';
import { setAside } from '../lifecycle/checkout/set-aside.ts';
import { sweep } from '../lifecycle/checkpoint/sweep.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import type { ChatPlace } from './place.ts';
import { endTask, mainTask, openMark } from './tasks.ts';

type Remove = ChatPlace<Extract<ChatEvent, { kind: 'worktree-remove' }>>;

/** A worktree that is no session's is left to the client's own way, which is git's without force. */
export async function dropWorktree(place: Remove): Promise<Answer> {
  const { repo, session, chat, event } = place;
  if (!session || realpathSync(event.cwd) !== repo.top) return {};
  try {
    const why = await goneOrWhy(place, session);
    if (why !== null) return { fail: `git-session: the worktree ${oneLine(repo.top)} stays: ${why}.` };
  } catch (error) {
    const known = error instanceof GitError ? error.asSessionError() : error;
    if (!(known instanceof SessionError)) throw error;
    return { fail: `git-session: the worktree ${oneLine(repo.top)} stays: ${[known.message, known.why].filter(Boolean).join(' ')}` };
  }
  // The chat is not at work there any more; it is found again all the same.
  chat.keep('session', { id: session.id, top: repo.top, at: 0 });
  return { path: event.cwd };
}

/** Null where it is gone. Throws (exit 1, GitError) with everything as it was where something stands in the way. */
async function goneOrWhy(place: Remove, session: Session): Promise<string | null> {
  const { repo } = place;
  const rows = await readWorktrees(repo);
  const other = rows.find((row) => row.path !== repo.top && !row.prunable);
  if (rows[0]?.path === repo.top || !other) return 'it is the main checkout';
  const inner = rows.find((row) => row.path.startsWith(repo.top + sep));
  if (inner) return `the worktree ${oneLine(inner.path)} lies in it`;
  const home = repoAt(repo, other.path);
  process.chdir(home.top);
  const waits = place.apart ? await notBroughtIn(home, repo, session) : await commitRest(place, home, session);
  if (waits !== null) return waits;
  const aside = await setAside(repo, session.id);
  const refillable = compiledPolicy(repo.commonDir).checks.setup_outputs;
  const removal = await removeWorktree(home, { top: repo.top, session: session.id, at: null, refillable });
  if (removal.removed) return null;
  await aside?.putBack();
  return removal.why;
}

/** What the chat's tasks and the session's own folder have left. Null where nothing waits. */
async function commitRest(place: Remove, home: Repo, session: Session): Promise<string | null> {
  const { task, actor } = mainTask(place);
  if (place.chat.has(openMark(session, task))) await endTask(place, session, { task, actor, status: 'cancelled' });
  const { waits } = await sweep(home, session);
  return waits === null ? null : `its files wait to be committed (${waits})`;
}

/** A subagent's branch is found by its worktree. */
async function notBroughtIn(home: Repo, there: Repo, session: Session): Promise<string | null> {
  const own = await currentBranch(there);
  const waiting = (await branchesApart(home, session)).find((branch) => branch === own);
  return waiting === undefined ? null : apartNote(waiting);
}

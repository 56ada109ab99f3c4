/** Checks a session out, here or in a new linked worktree. */

import { stateError } from '../../core/errors.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { SessionState } from '../../core/session/metadata.ts';
import { idOfBranch } from '../../core/session/session-id.ts';
import { currentBranch } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { beginAct } from '../../store/acts.ts';
import { ensureArtifactFolders, removeEmptyFolders } from '../files/artifacts.ts';
import { headOf } from '../session/head.ts';
import { currentSession, prefixOf, type Session } from '../session/session.ts';
import type { Brought } from './bring-files.ts';
import { refuseMidOperation, refuseWhileLive } from './guard.ts';
import { switchOrRefuse } from './switch-or-refuse.ts';
import { addSessionWorktree } from './worktree.ts';

export interface Switched {
  /** Top of the worktree that has the session checked out now. */
  top: string;
  /** False where it was checked out there already. */
  moved: boolean;
  /** What was brought into a new worktree from the main checkout. */
  brought: Brought[];
}

/** Throws (exit 1) where the session has no branch, is checked out elsewhere, or the checkout cannot move; nothing has changed then. */
export async function switchSession(
  repo: Repo,
  session: Session,
  state: SessionState,
  worktree: { path: string | true; policy: Policy['worktree'] } | null,
  now: Date,
): Promise<Switched> {
  refuseWithoutBranch(session, state);
  if (session.worktree === repo.top) {
    ensureArtifactFolders(repo.top, session.id);
    return { top: repo.top, moved: false, brought: [] };
  }
  if (session.worktree) {
    throw stateError({ what: `${session.id} is checked out in another worktree.`, next: `Go there: cd ${quoted(session.worktree)}` });
  }
  if (worktree !== null) {
    const act = beginAct(repo.commonDir, { name: 'switch', session: session.id, top: repo.top });
    const { id, branch, metadata } = session;
    const { top, brought } = await addSessionWorktree(repo, { id, branch, topic: metadata.topic, ...worktree }).catch((error: unknown) => {
      act.failed();
      throw error;
    });
    act.done({ heads: [{ top, from: null, to: { branch: session.branch } }] });
    ensureArtifactFolders(top, session.id);
    return { top, moved: true, brought };
  }
  const beside = `git session switch ${session.id} --worktree`;
  await refuseMidOperation(repo, beside);
  const here = await branchSession(repo);
  if (here) await refuseWhileLive(repo, here, now, beside);
  const heads = [{ top: repo.top, from: await headOf(repo), to: { branch: session.branch } }];
  const act = beginAct(repo.commonDir, { name: 'switch', session: session.id, top: repo.top, effects: { heads } });
  try {
    await switchOrRefuse(repo, session.branch, {
      what: `The checkout cannot move to ${session.branch}.`,
      next: `Commit them first, or work beside them: ${beside}`,
    });
  } catch (error) {
    act.failed();
    throw error;
  }
  act.done();
  if (here) removeEmptyFolders(repo.top, here.id);
  ensureArtifactFolders(repo.top, session.id);
  return { top: repo.top, moved: true, brought: [] };
}

/** The session whose branch is checked out here, whatever GIT_SESSION_ID says. */
async function branchSession(repo: Repo): Promise<Session | null> {
  const branch = await currentBranch(repo);
  return branch !== null && idOfBranch(branch, prefixOf(repo)) ? currentSession(repo) : null;
}

function refuseWithoutBranch(session: Session, state: SessionState): void {
  if (session.ref === `refs/heads/${session.branch}` && state !== 'abandoned') return;
  if (state === 'abandoned') {
    throw stateError({ what: `${session.id} is abandoned.`, next: `Bring it back first: git session restore ${session.id}` });
  }
  throw stateError({
    what: `${session.id} has no branch in this clone.`,
    why: state === 'closed' ? 'It is closed: its work has landed.' : 'Only its backup tag is here.',
    next:
      state === 'closed'
        ? `Go on in a new session: git session restore ${session.id} --continue <topic>`
        : `Look at it with: git session show ${session.id}`,
  });
}

/** A path as a POSIX shell reads it back. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Takes a session's branch off the checkout that holds it, wherever that is, with uncommitted changes kept. */

import type { Head } from '../../core/acts.ts';
import { stateError } from '../../core/errors.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { commitOf } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { detachAt } from '../../git/switch.ts';
import { ensureArtifactFolders, removeEmptyFolders } from '../files/artifacts.ts';
import { headOf } from '../session/head.ts';
import type { Session } from '../session/session.ts';
import { refuseMidOperation, refuseWhileLive } from './guard.ts';
import { switchOrRefuse } from './switch-or-refuse.ts';

export interface Left {
  /** Top of the worktree that was moved; null where no checkout held the branch. */
  worktree: string | null;
  /** The branch it is on now, or null where it is detached. */
  branch: string | null;
  /** Why it is detached, and what leads back to base; null where it is not. */
  detached: { why: string; next: string | null } | null;
  /** As `branch`, or the commit. */
  on: Head;
  /** Puts the session's branch back. */
  undo(): Promise<void>;
}

/** To base; where base is gone or checked out elsewhere, detached. Throws (exit 1) while an agent is at work, or where files are in the way. */
export async function leaveCheckout(repo: Repo, session: Session, now: Date): Promise<Left> {
  if (session.worktree === null)
    return { worktree: null, branch: null, detached: null, on: { branch: session.branch }, undo: async () => {} };
  const there = session.worktree === repo.top ? repo : repoAt(repo, session.worktree);
  await refuseMidOperation(there, null);
  await refuseWhileLive(there, session, now, null);
  const { base } = session.metadata;
  const baseCommit = await commitOf(repo, `refs/heads/${base}`);
  const rows = await readWorktrees(repo);
  const holder = rows.find((row) => row.branch === base && row.path !== there.top);
  const branch = baseCommit && !holder ? base : null;
  if (branch) {
    await switchOrRefuse(there, branch, {
      what: `The checkout cannot return to ${base}; nothing was changed.`,
      next: 'Commit them first.',
    });
  } else if (!(baseCommit && (await detachAt(there, baseCommit))) && !(await detachAt(there, session.tip))) {
    throw stateError({ what: `The checkout in ${there.top} cannot leave the session's branch; nothing was changed.` });
  }
  removeEmptyFolders(there.top, session.id);
  const undo = async () => {
    await switchOrRefuse(there, session.branch, {
      what: 'The checkout could not return to the session.',
      next: `git switch ${session.branch}`,
    });
    ensureArtifactFolders(there.top, session.id);
  };
  const detached = branch ? null : whyDetached(base, holder?.path ?? null, rows[0]?.path === there.top);
  return { worktree: there.top, branch, detached, on: await headOf(there), undo };
}

/** `holder`: top of the checkout that has base; null where base is gone. A linked worktree (not `main`) is left as it is meant to be: nothing leads back. */
function whyDetached(base: string, holder: string | null, main: boolean): NonNullable<Left['detached']> {
  const name = oneLine(base, 120);
  if (holder === null) return { why: `${name} is gone`, next: null };
  const back = [
    `Start another session in the detached checkout with: git session start <topic> --base ${name}`,
    `Return to ${name}, once ${visible(holder)} is on another branch or removed, with: git switch ${name}`,
  ];
  return { why: `${name} is checked out in ${visible(holder)}`, next: main ? back.join('\n') : null };
}

/** After the refs have moved: the session's checkout leaves the branch, the branch goes, private files are put away. Each step can be repeated. */

import { existsSync, readFileSync } from 'node:fs';
import { hasBegun } from '../../core/closeout/plan.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { CheckoutBlocked, detachHead, moveCheckout, pointHead } from '../../git/checkout.ts';
import { dropSection } from '../../git/config.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { currentBranch, oidOf } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { dropRef } from '../../git/switch.ts';
import { removeWorktree } from '../../lifecycle/checkout/remove-worktree.ts';
import { whyKept } from '../../lifecycle/checkout/worktree-kept.ts';
import { removeEmptyFolders } from '../../lifecycle/files/artifacts.ts';
import { setAwaiting } from '../../store/awaiting.ts';
import { putAway, putBack, putJournalBack, putValuesAway } from '../../store/closed-session.ts';
import { type CheckoutMove, type CloseoutState, dropCloseout, type LandingObjects } from '../../store/closeout-state.ts';
import { withLock } from '../../store/lock.ts';
import { privatePaths } from '../../store/paths.ts';
import { landingDone } from './landing-act.ts';
import { type LandedSeal, lateRecords } from './late.ts';
import { type Landing, step } from './steps.ts';

/** What a person should know of the tidying, one line each. */
export interface Finished {
  notes: string[];
  /** Top of a worktree that is still there. */
  home: string;
}

/** Everything after the refs; `repo` may lie in a worktree that is removed on the way. */
export async function afterwards(repo: Repo, state: Landing): Promise<Finished> {
  const notes: string[] = [];
  const { landing, session } = state;
  const home = await homeOf(repo, landing);
  // A worktree that a killed run had begun to remove is no checkout any more, and what is missing there is not a person's doing.
  const removing = hasBegun(state.step, 'remove-worktree');
  if (!removing) {
    await step(repo, state, 'leave-branch', async () => {
      for (const checkout of landing.checkouts)
        if (checkout.role === 'session') notes.push(...(await leave(home, session, landing, checkout)));
    });
  }
  await step(repo, state, 'remove-worktree', async () => {
    for (const checkout of landing.checkouts)
      if (checkout.after === 'remove') notes.push(...(await remove(home, session, checkout, removing)));
  });
  await step(repo, state, 'delete-branch', async () => {
    notes.push(...(await deleteBranch(home, landing)));
  });
  await step(repo, state, 'tidy', async () => {
    notes.push(...(await tidy(home, session, state.goal, sealOf(state))));
  });
  await landingDone(repo, home, state);
  dropCloseout(repo.commonDir, session);
  return { notes, home: home.top };
}

/** What was sealed by an earlier run is compared by what outlives the session alone: others went on with it until it was approved. */
const sealOf = ({ landing, journal, closedAt }: Landing): LandedSeal => ({
  commit: landing.seal,
  closedAt: journal === null ? null : closedAt,
});

/** A worktree that stays: base's checkout, else the main one. */
async function homeOf(repo: Repo, landing: LandingObjects): Promise<Repo> {
  const removed = new Set(landing.checkouts.filter((move) => move.after === 'remove').map((move) => move.top));
  if (!removed.has(repo.top)) return repo;
  const stays = (await readWorktrees(repo)).find((row) => !row.prunable && !removed.has(row.path) && existsSync(row.path));
  return stays ? repoAt(repo, stays.path) : repo;
}

async function leave(home: Repo, id: SessionId, landing: LandingObjects, move: CheckoutMove): Promise<string[]> {
  const { top, to, after } = move;
  if (!existsSync(top)) return [];
  const there = repoAt(home, top);
  const { baseBranch, sessionBranch, seal } = landing;
  // Done already, or a person went elsewhere meanwhile.
  if ((await currentBranch(there)) !== sessionBranch) return [];
  // What was committed there after the seal was approved by nobody: on base it would stand staged.
  if ((await oidOf(home, `refs/heads/${sessionBranch}`)) !== seal) return [`The checkout ${oneLine(top)} stays on ${sessionBranch}.`];
  const reason = `git-session: leave ${sessionBranch}`;
  const follows = after === 'to-base' && (await followBase(home, there, baseBranch, to));
  if (follows) await pointHead(there, baseBranch, reason);
  else await detachHead(there, after === 'to-base' ? to : seal, reason);
  removeEmptyFolders(top, id);
  if (after === 'detach') return [await whyDetached(home, baseBranch, move)];
  if (after !== 'to-base') return [];
  if (!follows) return [`The checkout ${oneLine(top)} stays on what landed: ${baseBranch} has gone on without it.`];
  // git gives a branch to one checkout alone: whoever looks for base in the main one has to know where it is.
  return (await isLinked(home, top))
    ? [`The worktree ${oneLine(top)} stays, on ${oneLine(baseBranch, 80)} now: no other checkout had it.`]
    : [];
}

async function isLinked(home: Repo, top: string): Promise<boolean> {
  return (await readWorktrees(home))[0]?.path !== top;
}

/** What is told of a checkout that stays, on no branch. */
async function whyDetached(home: Repo, baseBranch: string, { top, refillable }: CheckoutMove): Promise<string> {
  const linked = await isLinked(home, top);
  const why = (linked ? await whyKept(home, top, { refillable }) : null) ?? `${oneLine(baseBranch, 80)} is checked out elsewhere`;
  return `The ${linked ? 'worktree' : 'checkout'} ${oneLine(top)} stays, detached at the seal: ${why}.`;
}

/** Files and index of the checkout as base has them now; false where it is checked out elsewhere by now, or uncommitted files are in the way. */
async function followBase(home: Repo, there: Repo, baseBranch: string, from: string): Promise<boolean> {
  const rows = await readWorktrees(home);
  if (rows.some((row) => row.branch === baseBranch && !row.prunable && row.path !== there.top)) return false;
  const now = await oidOf(home, `refs/heads/${baseBranch}`);
  if (now === null) return false;
  try {
    if (now !== from) await moveCheckout(there, from, now);
    return true;
  } catch (error) {
    if (error instanceof CheckoutBlocked) return false;
    throw error;
  }
}

/** Looked at again: it was clean when the landing was signed, and that may be long ago. */
async function remove(home: Repo, session: SessionId, { top, to, refillable }: CheckoutMove, begun: boolean): Promise<string[]> {
  const known = (await readWorktrees(home)).find((row) => row.path === top);
  if (!known && !existsSync(top)) return [];
  if (process.cwd() === top || process.cwd().startsWith(`${top}/`)) process.chdir(home.top);
  if (known?.branch) return [`The worktree ${oneLine(top)} stays: ${oneLine(known.branch, 80)} is checked out in it.`];
  const removal = await removeWorktree(home, { top, session, at: to, refillable, begun });
  if (!removal.removed) return [`The worktree ${oneLine(top)} stays: ${removal.why}.`];
  const kept = removal.kept === null ? [] : [`Commits that only its reflog held are kept under ${removal.kept}.`];
  return [`The worktree ${oneLine(top)} was clean and is removed; go on in ${oneLine(home.top)}.`, ...kept];
}

/** The tag keeps the commits. A branch that somebody is on, or committed to meanwhile, stays. */
async function deleteBranch(home: Repo, landing: LandingObjects): Promise<string[]> {
  const ref = `refs/heads/${landing.sessionBranch}`;
  const tip = await oidOf(home, ref);
  if (tip === null) return [];
  if (tip !== landing.seal) return [`${landing.sessionBranch} has commits after the seal and stays.`];
  if ((await readWorktrees(home)).some((row) => row.branch === landing.sessionBranch && !row.prunable)) {
    return [`${landing.sessionBranch} stays: a checkout is on it.`];
  }
  if (!(await dropRef(home, ref, landing.seal))) return [`${landing.sessionBranch} could not be deleted and stays.`];
  await dropSection(home, `branch.${landing.sessionBranch}`);
  return [];
}

/**
 * Private files of a session that needs them no more. The journal is put away and not deleted: somebody may be writing to it still.
 * Where it holds what the log of the seal does not, it comes back, and the note says so. `seal` null: nothing is compared.
 */
export async function tidy(repo: Repo, id: SessionId, goal: CloseoutState['goal'], seal: LandedSeal | null): Promise<string[]> {
  await withLock(repo.commonDir, 'awaiting', () => setAwaiting(repo.commonDir, id, goal !== 'land'));
  if (goal !== 'land') return [];
  const kept = putAway(repo.commonDir, id);
  const late = kept === null || seal === null ? 0 : (await lateRecords(repo, id, readFileSync(kept, 'utf8'), seal)).length;
  if (kept !== null && late > 0) {
    putJournalBack(repo.commonDir, id, kept);
    const records = late === 1 ? '1 record was' : `${late} records were`;
    return [`${records} written while it landed and did not land with it: ${oneLine(privatePaths(repo.commonDir).journal(id))}`];
  }
  putValuesAway(repo.commonDir, id);
  return [];
}

/** The same backwards, for a landing that was taken back: the session's private files stand where it works with them. */
export async function untidy(repo: Repo, id: SessionId): Promise<void> {
  await withLock(repo.commonDir, 'awaiting', () => setAwaiting(repo.commonDir, id, false));
  putBack(repo.commonDir, id);
}

/** After a closeout was killed: waits for what it had started, then finishes it, or takes it back to where it can be run again. */

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasBegun } from '../../core/closeout/plan.ts';
import { stateError } from '../../core/errors.ts';
import { moveCheckout, takeBackMove } from '../../git/checkout.ts';
import { dropClaim } from '../../git/index-file.ts';
import { locate } from '../../git/locate.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { currentBranch } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { holdCheckpoints } from '../../lifecycle/checkpoint/hold.ts';
import type { CheckoutMove, CloseoutState, LandingObjects } from '../../store/closeout-state.ts';
import { madeWithin } from '../../store/lock-window.ts';
import { lives } from '../../store/process.ts';
import type { Finished } from './finish.ts';
import { afterRefs } from './land.ts';
import { moveTheRest, whereRefsAre } from './landing-refs.ts';
import { type Landing, noting } from './steps.ts';
import { recoverTakeBack } from './take-back.ts';

/**
 * `finished`: the refs had moved, and the rest is done now. `ready`: nothing has moved, and what was signed still fits.
 * `again`: nothing has moved, and it must be built anew.
 */
export type Recovered = ({ outcome: 'finished' } & Finished) | { outcome: 'ready' | 'again' };

/** A git that was started by the killed closeout ends by itself; this bounds the wait for one that hangs. */
const CHILD_MS = 30_000;

/** Settles what a killed closeout left. Throws (exit 1) while a git that it started still runs. */
export async function recover(repo: Repo, state: CloseoutState): Promise<Recovered> {
  const settled = await holdCheckpoints(repo, () => settle(repo, state));
  return settled === 'moved' ? { outcome: 'finished', ...(await afterRefs(repo, state as Landing)) } : { outcome: settled };
}

async function settle(repo: Repo, state: CloseoutState): Promise<'moved' | 'ready' | 'again'> {
  await childrenGone(state);
  const { landing } = state;
  if (!landing) return 'again';
  const checkouts = await movingCheckouts(repo, landing);
  await dropOwnLocks(repo, state, landing);
  if (state.step === 'take-back') return (await recoverTakeBack(repo, state as Landing, checkouts)) ? 'again' : 'moved';
  const where = await whereRefsAre(repo, landing);
  if (where.done.length === 0) {
    if (inFlight(state)) for (const { top, from, to } of checkouts) await takeBackMove(repoAt(repo, top), from, to);
    return where.elsewhere ? 'again' : 'ready';
  }
  if (where.left.length > 0) {
    // git was killed between two refs of one transaction: the checkouts had moved before, and the other refs follow.
    for (const { top, from, to } of checkouts) {
      await takeBackMove(repoAt(repo, top), from, to);
      await moveCheckout(repoAt(repo, top), from, to, noting(repo, state));
    }
    await moveTheRest(repo, where.left, `git-session: close ${state.session}`);
  }
  return 'moved';
}

/** The checkouts that are still on the branch that moves: in one that went elsewhere since, nothing is ours to touch. */
async function movingCheckouts(repo: Repo, { checkouts, baseBranch, sessionBranch }: LandingObjects): Promise<CheckoutMove[]> {
  const there = checkouts.filter(({ top }) => existsSync(top) && locate(top, {})?.commonDir === repo.commonDir);
  const on = await Promise.all(there.map(({ top }) => currentBranch(repoAt(repo, top))));
  return there.filter(({ role }, i) => on[i] === (role === 'base' ? baseBranch : sessionBranch));
}

/** True where a checkout or a ref may have been touched and not finished. */
function inFlight({ step }: CloseoutState): boolean {
  return hasBegun(step, 'lock') && !hasBegun(step, 'push');
}

async function childrenGone(state: CloseoutState): Promise<void> {
  const until = Date.now() + CHILD_MS;
  for (const child of state.children) {
    while (lives(child) === 'yes') {
      if (Date.now() > until) {
        throw stateError({
          what: 'A closeout that was interrupted has not ended yet.',
          why: `git (process ${child.pid}) still runs.`,
          next: 'Wait for it, and run the same command again.',
        });
      }
      await pause(10);
    }
  }
}

/** Removes the locks that the dead git and we ourselves left, and only those: each is proven ours. */
async function dropOwnLocks(repo: Repo, state: CloseoutState, landing: LandingObjects): Promise<void> {
  for (const claim of state.claims ?? []) dropClaim(claim);
  const targets = new Set<string>(landing.moves.map(({ to }) => to));
  const places = (await readWorktrees(repo)).map(({ path }) => (existsSync(path) ? locate(path, {}) : null));
  const gitDirs = places.flatMap((place) => (place?.commonDir === repo.commonDir ? [place.gitDir] : []));
  const files = [...landing.moves.map(({ ref }) => join(repo.commonDir, `${ref}.lock`)), ...gitDirs.map((dir) => join(dir, 'HEAD.lock'))];
  for (const file of files) {
    const stat = statSync(file, { throwIfNoEntry: false });
    const text = stat && contentOf(file);
    // One with a value names where the ref was to go. HEAD's stays empty: while our git held its locks, nobody else could make one.
    if (stat && (text === '' ? madeWithin(stat.mtimeMs, state.locking) : targets.has(text ?? ''))) rmSync(file, { force: true });
  }
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

/** After a closeout was killed: waits for what it had started, then finishes it, or takes it back to where it can be run again. */

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasBegun } from '../../core/closeout/plan.ts';
import { stateError } from '../../core/errors.ts';
import { moveCheckout, takeBackMove } from '../../git/checkout.ts';
import { locate } from '../../git/locate.ts';
import { prepareRefs } from '../../git/ref-transaction.ts';
import { isAncestor, oidOf } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import type { CheckoutMove, CloseoutState, LandingObjects } from '../../store/closeout-state.ts';
import { withLock } from '../../store/lock.ts';
import { lives } from '../../store/process.ts';
import { afterwards, type Finished } from './finish.ts';
import { settleCheckpoint } from './late.ts';
import { pushLanding } from './push.ts';
import type { Landing } from './steps.ts';

/**
 * `finished`: the refs had moved, and the rest is done now. `ready`: nothing has moved, and what was signed still fits.
 * `again`: nothing has moved, and it must be built anew.
 */
export type Recovered = ({ outcome: 'finished' } & Finished) | { outcome: 'ready' | 'again' };

/** A git that was started by the killed closeout ends by itself; this bounds the wait for one that hangs. */
const CHILD_MS = 30_000;
/** A lock that is older than this, and whose git is dead, was left by it. */
const STALE_MS = 1000;

/** Settles what a killed closeout left. Throws (exit 1) while a git that it started still runs. */
export function recover(repo: Repo, state: CloseoutState): Promise<Recovered> {
  return withLock(repo.commonDir, 'checkpoint', () => settle(repo, state), { timeoutMs: 60_000 });
}

async function settle(repo: Repo, state: CloseoutState): Promise<Recovered> {
  await settleCheckpoint(repo);
  await childrenGone(state);
  const { landing } = state;
  if (!landing) return { outcome: 'again' };
  const checkouts = landing.checkouts.filter((move) => existsSync(move.top) && locate(move.top, {})?.commonDir === repo.commonDir);
  if (inFlight(state)) await dropStaleLocks(repo, state, landing, checkouts);
  const where = await whereRefsAre(repo, landing);
  if (where.done.length === 0) {
    if (inFlight(state)) for (const { top, from, to } of checkouts) await takeBackMove(repoAt(repo, top), from, to);
    return { outcome: where.elsewhere ? 'again' : 'ready' };
  }
  if (where.left.length > 0) await completeRefs(repo, where.left, checkouts);
  if (!pushed(state)) await pushLanding(repo, state as Landing);
  return { outcome: 'finished', ...(await afterwards(repo, state as Landing)) };
}

/** True where the push was done: a later step had begun. */
function pushed({ step }: CloseoutState): boolean {
  return hasBegun(step, 'leave-branch');
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

type Move = LandingObjects['moves'][number];

async function whereRefsAre(repo: Repo, landing: LandingObjects): Promise<{ done: Move[]; left: Move[]; elsewhere: boolean }> {
  const done: Move[] = [];
  const left: Move[] = [];
  let elsewhere = false;
  for (const move of landing.moves) {
    if (move.from === move.to) continue;
    const now = await oidOf(repo, move.ref);
    if (now === move.to || (now !== null && move.what !== 'tag' && (await isAncestor(repo, move.to, now)))) done.push(move);
    else {
      left.push(move);
      if (now !== move.from) elsewhere = true;
    }
  }
  // A branch that is gone after base and tag have moved was deleted by us: the last step of all.
  const deleted = left.every((move) => move.what === 'session') && done.some((move) => move.what === 'tag');
  if (deleted && left[0] && (await oidOf(repo, left[0].ref)) === null) return { done, left: [], elsewhere: false };
  return { done, left, elsewhere };
}

/** git was killed between two refs of one transaction: the checkouts had moved before, and the other refs follow. */
async function completeRefs(repo: Repo, left: readonly Move[], checkouts: readonly CheckoutMove[]): Promise<void> {
  for (const { top, from, to } of checkouts) {
    await takeBackMove(repoAt(repo, top), from, to);
    await moveCheckout(repoAt(repo, top), from, to);
  }
  const transaction = await prepareRefs(repo, left, 'git-session: finish a closeout');
  await transaction.commit();
}

/** Locks of the refs and indexes that the dead git was moving, and only those. */
async function dropStaleLocks(
  repo: Repo,
  state: CloseoutState,
  landing: LandingObjects,
  checkouts: readonly CheckoutMove[],
): Promise<void> {
  const targets = new Set(landing.moves.map((move) => move.to));
  const gitDirs = checkouts.map((move) => repoAt(repo, move.top).gitDir);
  const refLocks = [
    ...landing.moves.map((move) => join(repo.commonDir, `${move.ref}.lock`)),
    ...gitDirs.map((dir) => join(dir, 'HEAD.lock')),
  ];
  const others = [join(repo.commonDir, 'packed-refs.lock'), ...gitDirs.map((dir) => join(dir, 'index.lock'))];
  for (const file of [...refLocks, ...others]) {
    const isRef = refLocks.includes(file);
    for (let waited = 0; waited <= STALE_MS * 2; waited += 100) {
      const stat = statSync(file, { throwIfNoEntry: false });
      if (!stat) break;
      // Older than our own closeout, or naming another value than ours: somebody else's.
      if (stat.mtimeMs < state.startedAt - STALE_MS) break;
      const text = isRef ? readFileSync(file, 'utf8').trim() : '';
      if (isRef && text !== '' && !targets.has(text)) break;
      if (Date.now() - stat.mtimeMs > STALE_MS) {
        rmSync(file, { force: true });
        break;
      }
      await pause(100);
    }
  }
}

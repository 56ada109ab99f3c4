/** Moves everything at once: base, the session branch and the tag in one ref transaction, the checkouts with it. Each step is journalled and repeatable. */

import { setTimeout as pause } from 'node:timers/promises';
import { hasBegun } from '../../core/closeout/plan.ts';
import { stateError } from '../../core/errors.ts';
import { CheckoutBlocked, moveCheckout, takeBackMove } from '../../git/checkout.ts';
import { prepareRefs, RefsCutShort, RefsPartlyMoved, RefsRefused, type RefTransaction } from '../../git/ref-transaction.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { holdCheckpoints } from '../../lifecycle/checkpoint/hold.ts';
import { type CheckoutMove, writeCloseout } from '../../store/closeout-state.ts';
import { inTheWay } from './checkouts.ts';
import { putDraftsAside } from './drafts-aside.ts';
import { afterwards, type Finished } from './finish.ts';
import { beginLanding } from './landing-act.ts';
import { moveTheRest } from './landing-refs.ts';
import { hasQueued, storedSince } from './late.ts';
import { pushLanding } from './push.ts';
import { type Landing, noteChild, noting, step } from './steps.ts';

/** Somebody else moved a ref first: nothing of ours has moved, and what was built does not fit any more. */
export class Overtaken extends Error {}

const REASON = ({ session }: Landing) => `git-session: close ${session}`;
/** So long a ref that another git holds for a moment is asked for again. */
const BUSY_MS = 10_000;

/**
 * Runs what is signed to its end. Throws Overtaken where a ref had moved, and (exit 1) where a tag's name is taken or files are in the way:
 * nothing has moved then.
 */
export async function land(repo: Repo, state: Landing): Promise<Finished> {
  await holdCheckpoints(repo, async () => {
    const act = await beginLanding(repo, state);
    try {
      await moveAll(repo, state);
    } catch (error) {
      act.failed();
      throw error;
    }
  });
  return afterRefs(repo, state);
}

/** What follows once the refs have moved. The remote is talked to while checkpoints of other sessions go on. */
export async function afterRefs(repo: Repo, state: Landing): Promise<Finished> {
  if (!hasBegun(state.step, 'leave-branch')) await pushLanding(repo, state);
  return holdCheckpoints(repo, () => afterwards(repo, state));
}

async function moveAll(repo: Repo, state: Landing): Promise<void> {
  const transaction = await open(repo, state);
  const moved: CheckoutMove[] = [];
  const begun = new Set<CheckoutMove>();
  const drafts: (() => void)[] = [];
  const move = async (role: CheckoutMove['role']) => {
    for (const checkout of state.landing.checkouts.filter((candidate) => candidate.role === role)) {
      const there = repoAt(repo, checkout.top);
      if (role === 'session') drafts.push(await putDraftsAside(there, state.session));
      begun.add(checkout);
      await moveCheckout(there, checkout.from, checkout.to, noting(repo, state));
      begun.delete(checkout);
      moved.push(checkout);
    }
  };
  try {
    if (storedSince(repo, state)) throw new Overtaken('memory was written after the seal was made');
    // A sealed branch takes nothing more in.
    const sealing = state.landing.moves.some(({ what, from, to }) => what === 'session' && from !== to);
    if (sealing && hasQueued(repo, state.landing.sessionBranch)) throw new Overtaken('a checkpoint of the session waits');
    await step(repo, state, 'move-base-checkout', () => move('base'));
    await step(repo, state, 'move-session-checkout', () => move('session'));
    await step(repo, state, 'move-refs', () => transaction.commit());
  } catch (error) {
    await transaction.abort();
    // What has moved stays: the way is forward, now or with the next run.
    if (error instanceof RefsPartlyMoved) return moveTheRest(repo, error.left, REASON(state));
    // Its locks are known to the state, and the next run clears them.
    if (error instanceof RefsCutShort) throw error;
    // Where even that finds no room, the step stands, and the next run takes it back.
    if (!(error instanceof CheckoutBlocked)) for (const { top, from, to } of begun) await takeBackMove(repoAt(repo, top), from, to);
    for (const { top, from, to } of moved.reverse()) await moveCheckout(repoAt(repo, top), to, from, noting(repo, state));
    for (const putBack of drafts) putBack();
    // Nothing is half done: a repeated run has nothing to take back.
    state.step = 'sign';
    writeCloseout(repo.commonDir, state);
    if (error instanceof CheckoutBlocked) throw inTheWay(error);
    throw error instanceof RefsRefused ? refused(error) : error;
  }
}

/** The open transaction. A ref that somebody holds for a moment is waited for. */
async function open(repo: Repo, state: Landing): Promise<RefTransaction> {
  let transaction: RefTransaction | null = null;
  const until = Date.now() + BUSY_MS;
  while (!transaction) {
    try {
      state.locking = { from: Date.now(), to: null };
      writeCloseout(repo.commonDir, state);
      transaction = await prepareRefs(repo, state.landing.moves, REASON(state));
      state.locking.to = Date.now();
    } catch (error) {
      if (!(error instanceof RefsRefused)) throw error;
      if (error.reason !== 'locked' || Date.now() > until) throw refused(error);
      await pause(20 + Math.random() * 60);
    }
  }
  const { pid, abort } = transaction;
  try {
    await step(repo, state, 'lock', () => noteChild(repo, state, pid));
  } catch (error) {
    // It would hold the refs, and keep us from ending.
    await abort();
    throw error;
  }
  return transaction;
}

function refused(error: RefsRefused) {
  if (error.reason === 'moved') return new Overtaken(error.said);
  if (error.reason === 'taken') {
    return stateError(
      {
        what: 'The backup tag of this session exists already, so nothing was moved.',
        why: error.said,
        next: 'See whose it is with: git tag -v <tag>. If it is nobody\u2019s approval, delete it and run the same command again.',
      },
      error,
    );
  }
  return stateError(
    {
      what: 'git did not move the branches; nothing was changed.',
      why: error.said,
      next: 'See what keeps git from it (a full disk, a hook, permissions), and run the same command again.',
    },
    error,
  );
}

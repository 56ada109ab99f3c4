/** A landing that the remote refused is taken back: refs and checkouts as they were before; the tag is kept in the trash. */

import { oneLine } from '../../core/text/text.ts';
import { moveCheckout, takeBackMove } from '../../git/checkout.ts';
import { prepareRefs, RefsCutShort, RefsPartlyMoved } from '../../git/ref-transaction.ts';
import { listRefs, oidOf, type RefMove } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { holdCheckpoints } from '../../lifecycle/checkpoint/hold.ts';
import { openAct } from '../../store/acts.ts';
import { type CheckoutMove, dropCloseout, type LandingObjects, writeCloseout } from '../../store/closeout-state.ts';
import { withdrawnRef } from '../withdrawn.ts';
import { moveTheRest } from './landing-refs.ts';
import { type Landing, noting, step } from './steps.ts';

const REASON = ({ session }: Landing) => `git-session: take back the landing of ${session}`;

/** Null, or why the landing stays. Throws (exit 1) where git managed a part of it only: the next run goes on. */
export function takeBackLanding(repo: Repo, state: Landing): Promise<string | null> {
  return holdCheckpoints(repo, async () => {
    state.landing.withdrawn = await withdrawnRef(repo, state.session, 'tag');
    let kept: string | null = null;
    await step(repo, state, 'take-back', async () => {
      kept = await moveBack(repo, state);
    });
    if (kept === null) takenBack(repo, state);
    else landingStays(repo, state);
    return kept;
  });
}

/** After a kill while it was taken back: true where it is taken back now, false where the landing stands as it did before. */
export async function recoverTakeBack(repo: Repo, state: Landing, checkouts: readonly CheckoutMove[]): Promise<boolean> {
  const moves = movesBack(state.landing);
  const now = await Promise.all(moves.map(({ ref }) => oidOf(repo, ref)));
  const back = moves.some(({ to }, i) => now[i] === to);
  // Whatever was begun in a checkout is brought to where the refs are.
  for (const { top, from, to } of checkouts) {
    await takeBackMove(repoAt(repo, top), to, from);
    if (back) await moveCheckout(repoAt(repo, top), to, from, noting(repo, state));
  }
  if (!back) {
    landingStays(repo, state);
    return false;
  }
  const left = moves.filter(({ from }, i) => now[i] === from);
  if (left.length > 0) await moveTheRest(repo, left, REASON(state));
  takenBack(repo, state);
  return true;
}

function movesBack({ moves, withdrawn }: LandingObjects): RefMove[] {
  return moves
    .filter(({ from, to }) => from !== to)
    .flatMap(({ ref, from, to, what }): RefMove[] => {
      const back = { ref, from: to, to: from };
      return what === 'tag' && withdrawn ? [back, { ref: withdrawn, from: null, to }] : [back];
    });
}

async function moveBack(repo: Repo, state: Landing): Promise<string | null> {
  const { landing } = state;
  let half = false;
  try {
    const transaction = await prepareRefs(repo, movesBack(landing), REASON(state));
    const back: CheckoutMove[] = [];
    try {
      for (const move of [...landing.checkouts].reverse()) {
        await moveCheckout(repoAt(repo, move.top), move.to, move.from, noting(repo, state));
        back.unshift(move);
      }
      await transaction.commit();
    } catch (error) {
      await transaction.abort();
      half = error instanceof RefsPartlyMoved || error instanceof RefsCutShort;
      if (error instanceof RefsPartlyMoved) {
        await moveTheRest(repo, error.left, REASON(state));
        return null;
      }
      if (!half) for (const { top, from, to } of back) await moveCheckout(repoAt(repo, top), from, to, noting(repo, state));
      throw error;
    }
  } catch (error) {
    if (half) throw error;
    // Perhaps somebody built on the landing before it could be taken back: their work comes first.
    return whyKept(repo, landing, error);
  }
  return null;
}

function takenBack(repo: Repo, { act, session }: Landing): void {
  if (act !== undefined) openAct(repo.commonDir, act).failed();
  dropCloseout(repo.commonDir, session);
}

/** The next run pushes again. */
function landingStays(repo: Repo, state: Landing): void {
  delete state.landing.withdrawn;
  state.step = 'push';
  writeCloseout(repo.commonDir, state);
}

/** The refs that others have moved meanwhile, and what the failure itself says. */
async function whyKept(repo: Repo, { moves }: LandingObjects, error: unknown): Promise<string> {
  const rows = await listRefs(
    repo,
    moves.map(({ ref }) => ref),
  );
  const moved = moves.filter(({ ref, to }) => rows.find((row) => row.ref === ref)?.oid !== to).map(({ ref }) => oneLine(ref));
  const said = oneLine(error instanceof Error ? error.message : String(error), 400);
  return moved.length > 0 ? `${moved.join(', ')} moved on meanwhile (${said})` : said;
}

/** Where the refs of a landing are, and finishing what git did by half. */

import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { prepareRefs, RefsPartlyMoved, RefsRefused } from '../../git/ref-transaction.ts';
import { isAncestor, oidOf, type RefMove } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import type { LandingObjects } from '../../store/closeout-state.ts';

type Move = LandingObjects['moves'][number];

/** `elsewhere`: one that has not moved is not where it was either. */
export async function whereRefsAre(repo: Repo, landing: LandingObjects): Promise<{ done: Move[]; left: Move[]; elsewhere: boolean }> {
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

/** Moves the refs that git left behind when it moved the others. Throws (exit 1) where it does not manage that either. */
export async function moveTheRest(repo: Repo, left: readonly RefMove[], reason: string): Promise<void> {
  try {
    const transaction = await prepareRefs(repo, left, reason);
    await transaction.commit();
  } catch (error) {
    if (!(error instanceof RefsRefused || error instanceof RefsPartlyMoved)) throw error;
    const names = left.map(({ ref }) => oneLine(ref));
    throw stateError(
      {
        what: `git moved only a part of the refs: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not where the rest is.`,
        why: error.said,
        next: 'See what keeps git from it (permissions of .git/logs, a full disk), and run the same command again: it goes on from here.',
      },
      error,
    );
  }
}

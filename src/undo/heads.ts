/** Which checkouts an undo moves, and what keeps them where they are. */

import { existsSync } from 'node:fs';
import type { Act, Effects, Head } from '../core/acts.ts';
import { stateError } from '../core/errors.ts';
import { idOfBranch } from '../core/session/session-id.ts';
import { oneLine, visible } from '../core/text/text.ts';
import { CheckoutBlocked, moveCheckout } from '../git/checkout.ts';
import { refuseHeldIndex } from '../git/index-file.ts';
import { readWorktrees, type WorktreeRow } from '../git/porcelain.ts';
import { commitOf, type RefMove } from '../git/refs.ts';
import { repoAt } from '../git/repo.ts';
import type { Repo } from '../git/run.ts';
import { refuseMidOperation, refuseWhileLive } from '../lifecycle/checkout/guard.ts';
import { whyKept } from '../lifecycle/checkout/worktree-kept.ts';
import { headOf } from '../lifecycle/session/head.ts';
import { loadSession, prefixOf } from '../lifecycle/session/session.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { movedBranches } from './refs.ts';

export interface HeadMove {
  top: string;
  /** Null: the worktree is made. */
  now: Head | null;
  /** Null: the worktree goes. */
  to: Head | null;
}

interface Asked {
  act: Act;
  resumes: Act | null;
  effects: Effects;
}

/** Throws (exit 1) where a checkout is needed and in use, or files do not fit. */
export async function planHeads(
  repo: Repo,
  { act, resumes, effects }: Asked,
  refs: readonly RefMove[],
  now: Date,
): Promise<{ moves: HeadMove[]; notes: string[] }> {
  if (effects.keepsFiles) return { moves: [], notes: [] };
  const rows = (await readWorktrees(repo)).filter((row) => !row.prunable && existsSync(row.path));
  const branches = movedBranches(refs);
  const moves: HeadMove[] = [];
  const notes: string[] = [];
  for (const { top, from, to } of effects.heads) {
    const there = rows.some((row) => row.path === top) ? await headOf(repoAt(repo, top)) : null;
    const stays = same(there, to) && !(there && 'branch' in there && branches.has(there.branch));
    if (stays) continue;
    if (same(there, from) || (resumes !== null && there !== null && 'commit' in there)) moves.push({ top, now: there, to });
    else if (act.name === 'switch' || (act.name === 'undo' && refs.length === 0)) throw elsewhere(act, top, there);
    else
      notes.push(there === null ? `The worktree ${visible(top)} is gone and stays so.` : `${visible(top)} ${isOn(there)} and stays there.`);
  }
  const planned = new Set(moves.map(({ top }) => top));
  for (const { path, branch } of rows.filter((row) => !planned.has(row.path) && row.branch !== null && branches.has(row.branch))) {
    const head = { branch: branch ?? '' };
    if (branches.get(head.branch) === null) throw inUse(head.branch, path);
    moves.push({ top: path, now: head, to: head });
  }
  for (const move of moves) await refuseMove(repo, move, { rows, branches, now });
  return { moves, notes };
}

const same = (a: Head | null, b: Head | null) => JSON.stringify(a) === JSON.stringify(b);

/** What a checkout is on, for people. */
function isOn(head: Head): string {
  return 'branch' in head ? `is on ${oneLine(head.branch, 80)}` : `is detached at ${head.commit.slice(0, 10)}`;
}

interface Around {
  rows: WorktreeRow[];
  branches: ReadonlyMap<string, string | null>;
  now: Date;
}

async function refuseMove(repo: Repo, { top, now: there, to }: HeadMove, { rows, branches, now }: Around): Promise<void> {
  if (there === null) {
    if (existsSync(top)) throw stateError({ what: `The worktree cannot be made again: ${visible(top)} is there already.` });
  } else {
    const at = repoAt(repo, top);
    await refuseMidOperation(at, null);
    await refuseHeldIndex(at);
    const id = 'branch' in there ? idOfBranch(there.branch, prefixOf(repo)) : null;
    const session = id ? await loadSession(repo, id) : null;
    if (session) await refuseWhileLive(at, session, now, null);
  }
  if (to === null) return refuseRemoval(repo, top);
  if ('branch' in to && rows.some((row) => row.branch === to.branch && row.path !== top))
    throw inUse(to.branch, elsewhereOf(rows, to.branch, top));
  const target = 'commit' in to ? to.commit : (branches.get(to.branch) ?? (await commitOf(repo, `refs/heads/${to.branch}`)));
  if (!target)
    throw stateError({ what: `The checkout ${visible(top)} cannot return: ${oneLine('branch' in to ? to.branch : '')} is gone.` });
  if (there === null) return;
  try {
    await moveCheckout(repoAt(repo, top), 'HEAD', target, { dryRun: true });
  } catch (error) {
    if (!(error instanceof CheckoutBlocked)) throw error;
    throw stateError(
      {
        what: `Uncommitted files in ${visible(top)} are in the way, so nothing was changed.`,
        why:
          error.paths.length > 0
            ? error.paths
                .slice(0, 20)
                .map((path) => oneLine(path))
                .join('\n')
            : oneLine(error.said, 400),
        next: 'Commit them or set them aside, and run the same command again.',
      },
      error,
    );
  }
}

/** A worktree goes only where nothing in it would be lost. */
async function refuseRemoval(repo: Repo, top: string): Promise<void> {
  if (top === repo.top)
    throw stateError({ what: 'The worktree that you are in would be removed.', next: 'Run the command from another worktree.' });
  const why = await whyKept(repo, top, { refillable: refillable(repo) });
  if (why !== null) throw cannotRemove(top, why);
}

/** Folders that tools fill again. */
export const refillable = (repo: Repo) => compiledPolicy(repo.commonDir).checks.setup_outputs;

export function cannotRemove(top: string, why: string) {
  return stateError({
    what: `The worktree ${visible(top)} cannot be removed.`,
    why: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    next: 'See to that, and run the same command again.',
  });
}

const elsewhereOf = (rows: readonly WorktreeRow[], branch: string, top: string) =>
  rows.find((row) => row.branch === branch && row.path !== top)?.path ?? '';

function inUse(branch: string, path: string) {
  return stateError({
    what: `${oneLine(branch, 120)} is checked out in ${visible(path)}.`,
    next: 'Check out another branch there, and run the same command again.',
  });
}

function elsewhere(act: Act, top: string, now: Head | null) {
  return stateError({
    what: `The ${act.name} cannot be undone: the checkout has moved on.`,
    why: now === null ? `${visible(top)} is gone.` : `${visible(top)} ${isOn(now)} now.`,
    next: 'Go where you want to be with: git session switch <session>, or git switch <branch>',
  });
}

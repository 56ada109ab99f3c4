/** Which checkouts a landing moves, and what becomes of the session's. */

import { existsSync } from 'node:fs';
import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { CheckoutBlocked, moveCheckout } from '../../git/checkout.ts';
import { readWorktrees, type WorktreeRow } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { operationInProgress } from '../../git/switch.ts';
import { whyKept } from '../../lifecycle/checkout/worktree-kept.ts';
import type { CheckoutMove, LandingObjects } from '../../store/closeout-state.ts';

export interface CheckoutRequest {
  baseBranch: string;
  sessionBranch: string;
  /** Commits: base, the session's tip. */
  base: string;
  tip: string;
  /** Where they go: the landed commit (null: base does not move) and the seal. */
  landed: string | null;
  seal: string;
  /** Folders that tools fill again: they do not keep a worktree from being removed. */
  refillable: readonly string[];
}

/** The moves, base's checkouts first. Throws (exit 1) where one of them is in the middle of a merge, rebase or the like. */
export async function checkoutMoves(repo: Repo, request: CheckoutRequest): Promise<CheckoutMove[]> {
  const rows = (await readWorktrees(repo)).filter((row) => !row.prunable && existsSync(row.path));
  const main = rows[0]?.path;
  const bases = rows.filter((row) => row.branch === request.baseBranch);
  const sessions = rows.filter((row) => row.branch === request.sessionBranch);
  for (const row of request.landed === null ? sessions : [...bases, ...sessions]) await refuseBusy(repo, row);
  const { landed, seal, refillable } = request;
  const move = (top: string, role: CheckoutMove['role'], from: string, to: string, after: CheckoutMove['after']): CheckoutMove => ({
    ...{ top, role, from, to, after, refillable },
  });
  if (landed === null) return sessions.map(({ path }) => move(path, 'session', request.tip, seal, 'stay'));
  const moves = bases.map(({ path }) => move(path, 'base', request.base, landed, 'stay'));
  let free = bases.length === 0;
  for (const { path } of sessions) {
    if (free) moves.push(move(path, 'session', request.tip, landed, 'to-base'));
    else if (path !== main && (await whyKept(repo, path, { refillable })) === null)
      moves.push(move(path, 'session', request.tip, seal, 'remove'));
    else moves.push(move(path, 'session', request.tip, seal, 'detach'));
    free = false;
  }
  return moves;
}

/** True while the checkouts that a landing would move are those that are on its branches now: a person may have switched since. */
export async function stillOnBranches(repo: Repo, { moves, checkouts, baseBranch, sessionBranch }: LandingObjects): Promise<boolean> {
  const moving = (what: CheckoutMove['role']) => moves.some((move) => move.what === what && move.from !== move.to);
  const branches = [...(moving('base') ? [baseBranch] : []), ...(moving('session') ? [sessionBranch] : [])];
  const rows = (await readWorktrees(repo)).filter((row) => !row.prunable && existsSync(row.path));
  const now = rows.filter((row) => branches.includes(row.branch ?? '')).map((row) => `${row.branch} ${row.path}`);
  const then = checkouts.map(({ role, top }) => `${role === 'base' ? baseBranch : sessionBranch} ${top}`);
  return now.length === then.length && now.every((row) => then.includes(row));
}

async function refuseBusy(repo: Repo, row: WorktreeRow): Promise<void> {
  const operation = await operationInProgress(repoAt(repo, row.path));
  if (!operation) return;
  throw stateError({
    what: `A ${operation} is not finished in ${row.path}.`,
    why: `${row.branch} is checked out there and would move.`,
    next: `Finish it, or take it back with: git ${operation === 'bisect' ? 'bisect reset' : `${operation} --abort`}`,
  });
}

/** Throws (exit 1) where uncommitted files keep a checkout from moving; nothing moves. */
export async function refuseBlocked(repo: Repo, moves: readonly CheckoutMove[]): Promise<void> {
  for (const { top, from, to } of moves) {
    try {
      await moveCheckout(repoAt(repo, top), from, to, { dryRun: true });
    } catch (error) {
      throw error instanceof CheckoutBlocked ? inTheWay(error) : error;
    }
  }
}

/** What a blocked checkout says to people. */
export function inTheWay(error: CheckoutBlocked) {
  const paths = error.paths.map((path) => oneLine(path));
  return stateError(
    {
      what: `Uncommitted files in ${error.top} are in the way, so nothing was moved.`,
      why: paths.length > 0 ? paths.slice(0, 20).join('\n') : oneLine(error.said, 400),
      next: 'Commit them, or move them aside, and run the same command again.',
    },
    error,
  );
}

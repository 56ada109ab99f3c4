/** Branches made, taken back and checked out. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { takeBackMove } from './checkout.ts';
import { isStuck } from './index-file.ts';
import { currentBranch, oidOf, zeroOid } from './refs.ts';
import { GitError, type Repo, runGit } from './run.ts';

/**
 * A new branch at a commit, under compare-and-swap against "does not exist". `taken` where somebody has that name, or is making it now.
 * Throws GitError on anything else.
 */
export async function createBranch(repo: Repo, branch: string, commit: string, reason: string): Promise<'created' | 'taken'> {
  const ref = `refs/heads/${branch}`;
  try {
    await runGit(repo, ['update-ref', '--create-reflog', '-m', reason, ref, commit, zeroOid(repo)]);
    return 'created';
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const racing = /\.lock': File exists|already exists/.test(error.said);
    if (racing || (await oidOf(repo, ref))) return 'taken';
    throw error;
  }
}

/** Deletes a ref that still stands where it was left; false where it has moved since. */
export async function dropRef(repo: Repo, ref: string, expected: string): Promise<boolean> {
  return (await runGit(repo, ['update-ref', '-d', ref, expected], { ok: [0, 1, 128] })).code === 0;
}

/** So long a switch waits for somebody else who is changing the same checkout. */
const PATIENCE_MS = 10_000;

/**
 * `git switch`: the checkout moves to the branch, uncommitted changes come along. Where they do not fit, or git cannot write, nothing
 * moves and `said` holds git's reason. Waits a while for another git that holds the index or HEAD.
 */
export async function switchTo(repo: Repo, branch: string): Promise<{ moved: boolean; said: string }> {
  for (const until = Date.now() + PATIENCE_MS; ; await pause(10 + Math.random() * 40)) {
    const ran = await runGit(repo, ['switch', '--no-guess', '--quiet', branch], { ok: [0, 1, 128] });
    // A post-checkout hook that fails makes git exit 1 although it switched.
    if (ran.code === 0 || (await currentBranch(repo)) === branch) return { moved: true, said: '' };
    const busy = /\.lock': File exists|cannot lock ref|unable to lock/i.test(ran.err);
    if (busy && Date.now() < until && !isStuck(repo.gitDir)) continue;
    // git names what is in the way before it touches anything; else it gave up while it wrote.
    if (!busy && pathsInTheWay(ran.err).length === 0) await takeBackMove(repo, 'HEAD', `refs/heads/${branch}`);
    return { moved: false, said: ran.err.trim() };
  }
}

/** The lock that kept git from doing what it was told, as it named it; null where it was something else. */
export function lockInTheWay(said: string): string | null {
  return /'([^'\n]+\.lock)': File exists/.exec(said)?.[1] ?? null;
}

/** As `switchTo`, to a commit and no branch; uncommitted changes come along. */
export async function detachAt(repo: Repo, commit: string): Promise<boolean> {
  return (await runGit(repo, ['switch', '--quiet', '--detach', commit], { ok: [0, 1, 128] })).code === 0;
}

/** The paths that git named when it refused to switch. */
export function pathsInTheWay(said: string): string[] {
  return said.split('\n').flatMap((row) => (row.startsWith('\t') ? [row.slice(1)] : []));
}

export type Operation = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect' | 'am';

const MARKS: [string, Operation][] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
];

/** The unfinished operation of this checkout, or null. Reads files; asks git only where refs are not files (reftable). */
export async function operationInProgress(repo: Repo): Promise<Operation | null> {
  const found = MARKS.find(([file]) => existsSync(join(repo.gitDir, file)))?.[1];
  if (found || !existsSync(join(repo.commonDir, 'reftable'))) return found ?? null;
  if (await oidOf(repo, 'CHERRY_PICK_HEAD')) return 'cherry-pick';
  return (await oidOf(repo, 'REVERT_HEAD')) ? 'revert' : null;
}

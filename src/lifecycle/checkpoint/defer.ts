/** When a checkpoint has to wait: the branch or its checkout is in the middle of something that a moved tip would disturb. */

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locate, readHead } from '../../git/locate.ts';
import { currentBranch, listRefs } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { operationInProgress } from '../../git/switch.ts';
import { readOrNull } from '../../store/files.ts';
import { commandOf, lives, markOf } from '../../store/process.ts';

/** Where a branch stands. */
export interface BranchPlace {
  /** Full ref. */
  ref: string;
  tip: string;
  /** The repository as its checkout sees it; null where no worktree has the branch checked out. */
  at: Repo | null;
}

/** A file of a worktree's git dir that marks the git of a commit being made, by its pid; our hooks write and remove it. */
const COMMITTING = 'git-session-committing';

/** The branch's tip and checkout, or null where there is no such branch. Reads two files where it is checked out here, else asks git. */
export async function placeOf(repo: Repo, ref: string): Promise<BranchPlace | null> {
  const head = readHead(repo.gitDir);
  const loose = readOrNull(join(repo.commonDir, ref))?.trim() ?? '';
  if (head !== 'unreadable' && 'branch' in head && ref === `refs/heads/${head.branch}` && /^[0-9a-f]{40,64}$/.test(loose)) {
    return { ref, tip: loose, at: repo };
  }
  const row = (await listRefs(repo, [ref])).find((found) => found.ref === ref);
  if (!row) return null;
  const there = row.worktree ? locate(row.worktree, {}) : null;
  const here = row.worktree !== '' && row.worktree === repo.top;
  return { ref, tip: row.oid, at: here ? repo : there?.commonDir === repo.commonDir ? repoAt(repo, row.worktree) : null };
}

/** Why checkpoints of the branch (full ref) wait now, as the end of a sentence, or null. `worktree`: top of the one that asked. */
export async function deferReason(repo: Repo, branch: string, worktree = repo.top): Promise<string | null> {
  const place = await placeOf(repo, branch);
  return place ? deferAt(repo, place, [worktree]) : 'the branch does not exist';
}

/** The operation or the commit that a person has begun on the branch (full ref) and not finished, or null. As deferReason says it. */
export async function unfinishedWork(repo: Repo, branch: string): Promise<string | null> {
  const place = await placeOf(repo, branch);
  return place ? deferAt(repo, place, []) : null;
}

/** As deferReason, of a branch that was found. */
export async function deferAt(repo: Repo, place: BranchPlace, worktrees: readonly string[]): Promise<string | null> {
  if (isRebased(repo, place.ref)) return 'a rebase of the branch is in progress';
  if (!place.at) return (await isDetached(repo, worktrees)) ? 'HEAD is detached' : null;
  const operation = await operationInProgress(place.at);
  if (operation) return `a ${operation} is in progress`;
  return isCommitting(place.at.gitDir) ? 'a commit is being made' : null;
}

/** During a rebase HEAD is detached, and the branch it will move stands in a file. */
function isRebased(repo: Repo, ref: string): boolean {
  return gitDirs(repo).some((dir) =>
    ['rebase-merge', 'rebase-apply'].some((state) => readOrNull(join(dir, state, 'head-name'))?.trim() === ref),
  );
}

function gitDirs(repo: Repo): string[] {
  const linked = join(repo.commonDir, 'worktrees');
  return [repo.commonDir, ...(existsSync(linked) ? readdirSync(linked).map((name) => join(linked, name)) : [])];
}

/**
 * True where the branch is checked out nowhere because a worktree that asked has stepped off it for a while. Committed now, its files
 * would stand in the way of its return.
 */
async function isDetached(repo: Repo, worktrees: readonly string[]): Promise<boolean> {
  for (const top of new Set(worktrees)) {
    const found = locate(top, {});
    if (found?.commonDir !== repo.commonDir) continue;
    const head = readHead(found.gitDir);
    if (head === 'unreadable' ? (await currentBranch(repoAt(repo, top))) === null : 'detached' in head) return true;
  }
  return false;
}

/** True while the git that our hook named still runs: its editor may be open, or its hooks at work. And in a hook of a commit that holds the index. */
function isCommitting(gitDir: string): boolean {
  const index = process.env.GIT_INDEX_FILE ?? '';
  if (index.endsWith('.lock') && dirname(index) === gitDir) return true;
  const pid = Number(readOrNull(join(gitDir, COMMITTING)) ?? '');
  if (!Number.isInteger(pid) || lives({ ...markOf(), pid, start: null }) === 'no') return false;
  // The pid may be another program's by now.
  const command = commandOf(pid);
  return command === null || command.startsWith('git');
}

/** Merges a branch, such as a subagent's own, into the session: built as objects, then branch and checkout move together. */

import { stateError } from '../core/errors.ts';
import { idOfBranch } from '../core/session/session-id.ts';
import { oneLine } from '../core/text/text.ts';
import { commitTree } from '../git/commit-tree.ts';
import { mergeTree } from '../git/merge-tree.ts';
import { readStatus, readWorktrees } from '../git/porcelain.ts';
import { commitOf, isAncestor } from '../git/refs.ts';
import { repoAt } from '../git/repo.ts';
import type { Repo } from '../git/run.ts';
import { advance } from './checkout/advance.ts';
import { refuseMidOperation } from './checkout/guard.ts';
import { drain, holdCheckpoints } from './checkpoint/checkpoint.ts';
import { eventMessage } from './checkpoint/event-commit.ts';
import { prefixOf, type Session } from './session/session.ts';

export interface BroughtIn {
  branch: string;
  /** The merge; null where the session holds everything of the branch already. */
  commit: string | null;
  /** Files that lie uncommitted in the branch's worktree, and so stay behind. */
  left: string[];
}

/** Throws (exit 1) with nothing changed: no such branch, another session's, a conflict, or uncommitted files in the way. */
export async function bringIn(repo: Repo, session: Session, given: string): Promise<BroughtIn> {
  const branch = given.replace(/^refs\/heads\//, '');
  const shown = oneLine(branch, 120);
  await refuseMidOperation(repo, null);
  // What its agents have finished may still be queued.
  await drain(repo, { wait: true });
  const theirs = await commitOf(repo, `refs/heads/${branch}`);
  if (!theirs) throw stateError({ what: `There is no branch "${shown}" in this clone.`, next: 'See the branches with: git branch --list' });
  if (idOfBranch(branch, prefixOf(repo))) {
    throw stateError({ what: `${shown} is a session's own branch.`, why: 'A session lands on its base; it is not brought into another.' });
  }
  const left = await uncommittedAt(repo, branch);
  const commit = await holdCheckpoints(repo, () => mergeInto(repo, session, branch, theirs));
  return { branch, commit, left };
}

async function mergeInto(repo: Repo, session: Session, branch: string, theirs: string): Promise<string | null> {
  const ref = `refs/heads/${session.branch}`;
  const tip = (await commitOf(repo, ref)) ?? session.tip;
  if (await isAncestor(repo, theirs, tip)) return null;
  const merged = await mergeTree(repo, tip, theirs);
  const shown = oneLine(branch, 120);
  if ('conflicts' in merged) {
    throw stateError({
      what: `${shown} conflicts with the session; nothing was changed.`,
      why: merged.conflicts
        .slice(0, 20)
        .map((path) => oneLine(path))
        .join('\n'),
      next: `Merge it by hand and resolve: git merge ${shown}`,
    });
  }
  const message = eventMessage(`bring in ${shown}`, session.id, 'bring-in');
  const to = await commitTree(repo, { tree: merged.tree, parents: [tip, theirs], message, date: new Date().toISOString() });
  const checkout = session.worktree === null ? null : session.worktree === repo.top ? repo : repoAt(repo, session.worktree);
  await advance(repo, { branch: session.branch, checkout, from: tip, to, why: `bring in ${shown}` });
  return to;
}

async function uncommittedAt(repo: Repo, branch: string): Promise<string[]> {
  const row = (await readWorktrees(repo)).find((one) => one.branch === branch && !one.prunable);
  return row ? (await readStatus(repoAt(repo, row.path))).map(({ path }) => path) : [];
}

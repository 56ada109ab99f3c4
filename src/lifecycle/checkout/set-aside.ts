/** What is not committed in a worktree, kept in the trash and taken out of it, so that the worktree can go. */

import { stateError } from '../../core/errors.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { partRef } from '../../core/trash-refs.ts';
import { scratchCommit } from '../../git/checkout-tree.ts';
import { treeOf } from '../../git/commit-tree.ts';
import { readStatus } from '../../git/porcelain.ts';
import { commitOf, listRefs, moveRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { indexTree, keepIndex, nestedIn, stageAll } from '../../git/stage-all.ts';
import { moveFiles } from '../../git/two-trees.ts';

export interface Aside {
  /** A commit on top of HEAD with every file as it was; its second parent is what was staged, where that was something else. */
  ref: string;
  /** Files and index as they were. */
  putBack(): Promise<void>;
}

/**
 * Null where all is committed. Moved by git's own rules, so that a file which changes meanwhile stops it. Throws (exit 1, GitError) with files
 * and index as they were where something cannot be kept: unmerged or unreadable files, a repository inside.
 */
export async function setAside(there: Repo, session: SessionId): Promise<Aside | null> {
  if ((await readStatus(there)).length === 0) return null;
  const head = (await commitOf(there, 'HEAD')) ?? '';
  const putIndexBack = keepIndex(there);
  const made: { ref: string; from: string; to: null }[] = [];
  const undo = async () => {
    putIndexBack();
    if (made.length > 0) await moveRefs(there, made, `git-session: the worktree of ${session} stays`);
  };
  try {
    const [before, staged] = [await treeOf(there, head), await indexTree(there)];
    const tree = await stageAll(there);
    const [nested] = await nestedIn(there, before, tree);
    if (nested !== undefined) throw stateError({ what: `${oneLine(nested, 80)} is a repository of its own.` });
    const message = `What was not committed in the worktree ${oneLine(there.top, 200)}`;
    const more = staged === before || staged === tree ? [] : [await scratchCommit(there, staged, [head], 'What was staged')];
    const commit = await scratchCommit(there, tree, [head, ...more], message);
    const ref = partRef(session, 'worktree', commit.slice(0, 12));
    // The same was set aside before, and the worktree made again with it.
    if ((await commitOf(there, ref)) === null) {
      await moveRefs(there, [{ ref, from: null, to: commit }], `git-session: the worktree of ${session} goes`);
      made.push({ ref, from: commit, to: null });
    }
    await moveFiles(there, commit, head);
    const putBack = async () => {
      await moveFiles(there, head, commit);
      await undo();
    };
    return { ref, putBack };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** Refs of what was set aside for a session. */
export async function asideOf(repo: Repo, session: SessionId): Promise<string[]> {
  return (await listRefs(repo, [partRef(session, 'worktree', '*')])).map(({ ref }) => ref);
}

/** What the checks run on. */

import { type MergedTree, mergeTree } from '../../git/merge-tree.ts';
import type { Repo } from '../../git/run.ts';

/** The checked tree: base merged with the session's tip; or the paths that conflict. Nothing of the person's is touched. */
export function checkedTree(repo: Repo, base: string, tip: string): Promise<MergedTree> {
  return mergeTree(repo, base, tip);
}

/** Merging without a working tree. */

import { withoutAttributes } from './attributes.ts';
import { type Repo, runGit } from './run.ts';

/** The merged tree, or the paths that conflict. */
export type MergedTree = { tree: string } | { conflicts: string[] };

/**
 * `git merge-tree --write-tree` of two commits: nothing moves, only objects are written. Rename detection is pinned
 * and attributes do not count (as on a forge), so that two clones compute the same tree whatever is set or checked out there. Throws GitError where git cannot merge at all.
 */
export async function mergeTree(repo: Repo, ours: string, theirs: string): Promise<MergedTree> {
  const { code, out } = await runGit(
    ...withoutAttributes(
      repo,
      [
        ...[
          '-c',
          'merge.renames=true',
          '-c',
          'merge.directoryRenames=conflict',
          '-c',
          'merge.renameLimit=7000',
          '-c',
          'diff.algorithm=myers',
        ],
        ...['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs],
      ],
      { ok: [0, 1] },
    ),
  );
  const [tree = '', ...rest] = out.split('\0');
  return code === 0 ? { tree } : { conflicts: [...new Set(rest.filter(Boolean))] };
}

/** Merging without a working tree. */

import { withoutAttributes } from './attributes.ts';
import { GitError, type Repo, runGit } from './run.ts';

/** The merged tree, or the paths that conflict. */
export type MergedTree = { tree: string } | { conflicts: string[] };

const PINNED = ['merge.renames=true', 'merge.directoryRenames=conflict', 'merge.renameLimit=7000', 'diff.algorithm=myers'].flatMap(
  (setting) => ['-c', setting],
);

/**
 * `git merge-tree --write-tree` of two commits: nothing moves, only objects are written. Rename detection is pinned
 * and attributes do not count (as on a forge), so that two clones compute the same tree whatever is set or checked out there.
 * Throws GitError where git cannot merge at all.
 */
export async function mergeTree(repo: Repo, ours: string, theirs: string): Promise<MergedTree> {
  const args = [...PINNED, 'merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
  const { code, out } = await runGit(...withoutAttributes(repo, args, { ok: [0, 1] }));
  const [tree = '', ...rest] = out.split('\0');
  return code === 0 ? { tree } : { conflicts: [...new Set(rest.filter(Boolean))] };
}

/** As mergeTree, for many pairs in one process; null for a pair that git cannot merge at all (no common history, no such commits). */
export async function mergeTrees(repo: Repo, pairs: readonly (readonly [ours: string, theirs: string])[]): Promise<(MergedTree | null)[]> {
  if (pairs.length === 0) return [];
  const input = pairs.map(([ours, theirs]) => `${ours} ${theirs}\n`).join('');
  const args = [...PINNED, 'merge-tree', '--stdin', '-z', '--name-only', '--no-messages'];
  const result = await runGit(...withoutAttributes(repo, args, { input, ok: [0, 1, 128, 129] }));
  const merged = result.code === 0 ? parseMany(result.out) : [];
  if (merged.length === pairs.length) return merged;
  // git before 2.39 knows no --stdin, and one impossible pair ends the whole batch.
  const each: (MergedTree | null)[] = [];
  for (const [ours, theirs] of pairs) {
    each.push(
      await mergeTree(repo, ours, theirs).catch((error) => {
        if (error instanceof GitError) return null;
        throw error;
      }),
    );
  }
  return each;
}

/** Of each merge: 1 (clean) or 0, the tree, and conflicting paths, ended by an empty field. */
function parseMany(out: string): MergedTree[] {
  const merged: MergedTree[] = [];
  const fields = out.split('\0');
  for (let at = 0; at + 1 < fields.length; ) {
    const [clean, tree = ''] = [fields[at], fields[at + 1]];
    const end = fields.indexOf('', at + 2);
    const paths = fields.slice(at + 2, end);
    merged.push(clean === '1' ? { tree } : { conflicts: [...new Set(paths)] });
    at = end + 1;
  }
  return merged;
}

/** Files of a commit as programs see them in a checkout: a link on the way is followed. */

import { readAt } from '../git/objects.ts';
import type { Repo } from '../git/run.ts';
import { followLinks } from '../git/tree-links.ts';

export interface BranchFiles {
  /** The file that a path leads to, null where that is none of the tree's. */
  real(path: string): Promise<string | null>;
  /** Its text, null where there is none. */
  read(path: string): Promise<string | null>;
}

export function branchFiles(repo: Repo, treeish: string): BranchFiles {
  const known = new Map<string, Promise<string | null>>();
  const real = (path: string) => {
    const found = known.get(path) ?? followLinks(repo, treeish, [path]).then((paths) => paths.get(path) ?? null);
    known.set(path, found);
    return found;
  };
  const read = async (path: string) => {
    const at = await real(path);
    return at === null ? null : readAt(repo, treeish, at);
  };
  return { real, read };
}

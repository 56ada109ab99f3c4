/** Links of the branch where files of the set-up belong. Looks only. */

import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { followLinks } from '../../git/tree-links.ts';
import type { InitPlace } from './place.ts';

/** Refuses (exit 1) where one of these files is a link, or lies behind one: written, it would take the link's place. */
export async function refuseLinks(repo: Repo, { branch, tip }: InitPlace, paths: readonly string[]): Promise<void> {
  const [path] = await linked(repo, tip, paths);
  if (path === undefined) return;
  throw stateError({
    what: `${path} is a link on ${oneLine(branch, 60)}, or lies behind one, a file or a submodule, and git-session has to write a plain file there.`,
    next: `See what it is:  git ls-tree ${oneLine(branch, 60)} ${path.split('/')[0]}\nPut a plain file or folder in its place, commit that, and run the command again.`,
  });
}

/** Those that are a link, or lie behind one. */
export async function linked(repo: Repo, treeish: string, paths: readonly string[]): Promise<string[]> {
  const real = await followLinks(repo, treeish, paths);
  return paths.filter((path) => real.get(path) !== path);
}

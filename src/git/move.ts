/** Moving files, and telling which lie in a folder. */

import { ask, type Repo, runGit } from './run.ts';

/** Moves a file in index and working tree at once; its folder must be there. Throws GitError where the target exists, unless `replace` says that it goes. */
export async function moveInIndex(repo: Repo, from: string, to: string, replace = false): Promise<void> {
  await runGit(repo, ['mv', ...(replace ? ['--force'] : []), '--', from, to]);
}

/** Files of the index and untracked ones (not ignored) below a folder, by path. Another repository in it shows as one path with a slash behind. */
export async function filesInFolder(repo: Repo, folder: string): Promise<string[]> {
  const out = await ask(repo, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', `${folder}/`]);
  return [...new Set(out.split('\0').filter(Boolean))].sort();
}

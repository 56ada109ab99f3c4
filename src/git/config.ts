/** Reading and writing git configuration of the real repository, so that `includeIf` and worktree settings count. */

import { ask, askOrNull, type Repo, runGit } from './run.ts';

/** One setting as git resolves it (the last value wins), or null. `path` expands `~/`. */
export function getConfig(repo: Repo, key: string, type?: 'path' | 'bool' | 'int'): Promise<string | null> {
  return askOrNull(repo, ['config', ...(type ? [`--type=${type}`] : []), '--get', key]);
}

/** One setting of this repository's own file, or null. */
export function getLocalConfig(repo: Repo, key: string): Promise<string | null> {
  return askOrNull(repo, ['config', '--local', '--get', key]);
}

/** Every resolved setting whose key matches, in git's order; later values of a key win. Keys come in git's canonical case. */
export async function listConfig(repo: Repo, matches: (key: string) => boolean): Promise<{ key: string; value: string }[]> {
  const out = await ask(repo, ['config', '--list', '-z']);
  return out
    .split('\0')
    .filter(Boolean)
    .flatMap((row) => {
      const cut = row.indexOf('\n');
      const key = cut < 0 ? row : row.slice(0, cut);
      // A key without "=" is true.
      return matches(key) ? [{ key, value: cut < 0 ? 'true' : row.slice(cut + 1) }] : [];
    });
}

/** Sets a setting in this repository's own file. */
export async function setLocalConfig(repo: Repo, key: string, value: string): Promise<void> {
  await runGit(repo, ['config', '--local', '--replace-all', key, value]);
}

/** Names of the remotes, sorted as git lists them. */
export async function remotes(repo: Repo): Promise<string[]> {
  return (await ask(repo, ['remote'])).split('\n').filter(Boolean);
}

/** Who commits here: name and address as git would write them. Throws GitError where no identity is configured. */
export async function committer(repo: Repo): Promise<{ name: string; email: string }> {
  const ident = await ask(repo, ['var', 'GIT_COMMITTER_IDENT']);
  const match = /^(.*) <([^<>]*)> \d+ [+-]\d+$/.exec(ident);
  return { name: match?.[1] ?? '', email: match?.[2] ?? '' };
}

/** Reading and writing git configuration of the real repository, so that `includeIf` and worktree settings count. */

import { ask, askOrNull, type Repo, runGit } from './run.ts';

/** One setting as git resolves it (the last value wins), or null. `path` expands `~/`. */
export function getConfig(repo: Repo, key: string, type?: 'path' | 'bool' | 'int'): Promise<string | null> {
  return askOrNull(repo, ['config', ...(type ? [`--type=${type}`] : []), '--get', key]);
}

/** Every resolved setting whose key matches, in git's order; later values of a key win. Keys come in git's canonical case. */
export async function listConfig(repo: Repo, matches: (key: string) => boolean): Promise<{ key: string; value: string }[]> {
  return rowsOf(await ask(repo, ['config', '--list', '-z'])).filter(({ key }) => matches(key));
}

function rowsOf(out: string): { key: string; value: string }[] {
  return out
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const cut = row.indexOf('\n');
      // A key without "=" is true.
      return { key: cut < 0 ? row : row.slice(0, cut), value: cut < 0 ? 'true' : row.slice(cut + 1) };
    });
}

/** Sets a setting in this repository's own file. */
export async function setLocalConfig(repo: Repo, key: string, value: string): Promise<void> {
  await runGit(repo, ['config', '--local', '--replace-all', key, value]);
}

/** A setting of this repository's own file alone, or null. */
export function getLocalConfig(repo: Repo, key: string): Promise<string | null> {
  return askOrNull(repo, ['config', '--local', '--get', key]);
}

/** Every setting of this repository's own file, in its order; keys in git's canonical case. */
export async function listLocalConfig(repo: Repo): Promise<{ key: string; value: string }[]> {
  return rowsOf(await ask(repo, ['config', '--local', '--list', '-z']));
}

/** Takes a setting out of this repository's own file; fine where there is none. git takes an empty section along. */
export async function unsetLocalConfig(repo: Repo, key: string): Promise<void> {
  await runGit(repo, ['config', '--local', '--unset-all', key], { ok: [0, 5] });
}

/** The command line of the editor that git would open. */
export function editorCommand(repo: Repo): Promise<string> {
  return ask(repo, ['var', 'GIT_EDITOR']);
}

/** The command line of the pager that git would use at a terminal; `cat` or empty: none. */
export function pagerCommand(repo: Repo): Promise<string> {
  return ask(repo, ['var', 'GIT_PAGER']);
}

/** Names of the remotes, sorted as git lists them. */
export async function remotes(repo: Repo): Promise<string[]> {
  return (await ask(repo, ['remote'])).split('\n').filter(Boolean);
}

/** Removes a section of this repository's own file (`branch.<name>`); fine where there is none. */
export async function dropSection(repo: Repo, section: string): Promise<void> {
  await runGit(repo, ['config', '--local', '--remove-section', section], { ok: [0, 1, 5, 128] });
}

/** The repository with settings in force that are not written down, as by `git -c`. */
export function withSettings(repo: Repo, settings: readonly { key: string; value: string }[]): Repo {
  const count = Number(repo.env?.GIT_CONFIG_COUNT ?? process.env.GIT_CONFIG_COUNT ?? 0) || 0;
  const env: Record<string, string> = { ...repo.env, GIT_CONFIG_COUNT: String(count + settings.length) };
  settings.forEach(({ key, value }, i) => {
    env[`GIT_CONFIG_KEY_${count + i}`] = key;
    env[`GIT_CONFIG_VALUE_${count + i}`] = value;
  });
  return { ...repo, env };
}

/** What to push after a closeout, as a command line to copy. */

import { type Upstream, upstreamOf } from '../../git/ancestry.ts';
import { remotes } from '../../git/config.ts';
import type { Repo } from '../../git/run.ts';

/** The remote that base is pushed to: the one it tracks, else the only one, else `origin`; null where there is none. `upstream` spares asking. */
export async function remoteOf(repo: Repo, branch: string, upstream?: Upstream | null): Promise<string | null> {
  const tracked = upstream === undefined ? await upstreamOf(repo, branch) : upstream;
  if (tracked) return tracked.remote;
  const names = await remotes(repo);
  return names.length === 1 ? (names[0] ?? null) : names.includes('origin') ? 'origin' : null;
}

/** `git push --atomic <remote> <refs>`, or null where there is nowhere to push to. Without `--atomic` the branch could arrive without its tag. */
export async function pushLine(repo: Repo, branch: string, refs: readonly string[]): Promise<string | null> {
  const remote = await remoteOf(repo, branch);
  if (remote === null) return null;
  return commandLine(['git', 'push', ...(refs.length > 1 ? ['--atomic'] : []), remote, ...refs]);
}

/** Words as one command line to copy. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** A word as a shell takes it unchanged. */
function quoted(word: string): string {
  return /^[\w@%+=:,./ -]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What to push after a closeout, as a command line to copy. */

import { upstreamOf } from '../git/ancestry.ts';
import { remotes } from '../git/config.ts';
import type { Repo } from '../git/run.ts';

/** The remote that base is pushed to: the one it tracks, else the only one, else `origin`; null where there is none. */
export async function remoteOf(repo: Repo, branch: string): Promise<string | null> {
  const upstream = await upstreamOf(repo, branch);
  if (upstream) return upstream.remote;
  const names = await remotes(repo);
  return names.length === 1 ? (names[0] ?? null) : names.includes('origin') ? 'origin' : null;
}

/** `git push --atomic <remote> <refs>`, or null where there is nowhere to push to. Without `--atomic` the branch could arrive without its tag. */
export async function pushLine(repo: Repo, branch: string, refs: readonly string[]): Promise<string | null> {
  const remote = await remoteOf(repo, branch);
  if (remote === null) return null;
  return ['git push', ...(refs.length > 1 ? ['--atomic'] : []), remote, ...refs].map(quoted).join(' ');
}

/** A word as a shell takes it unchanged. */
function quoted(word: string): string {
  return /^[\w@%+=:,./ -]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

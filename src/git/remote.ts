/** Talking to remotes. */

import { GitError, type Repo, runGit } from './run.ts';

/** Whether a remote has a ref now; null where it cannot be asked (offline, no access, 15 s without an answer). */
export async function remoteHas(repo: Repo, remote: string, ref: string): Promise<boolean | null> {
  const env = { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' };
  const asked = await runGit(repo, ['ls-remote', '--exit-code', '--', remote, ref], { ok: [0, 1, 2, 128], timeoutMs: 15_000, env });
  return asked.code === 0 ? true : asked.code === 2 ? false : null;
}

/** Fetches one branch into its remote-tracking ref; fine where the remote has no such branch yet. Throws GitError where it cannot be reached. */
export async function fetchBranch(repo: Repo, remote: string, branch: string): Promise<void> {
  const args = ['fetch', '--quiet', '--no-tags', '--', remote, `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`];
  const ran = await runGit(repo, args, { ok: [0, 1, 128], terminal: true });
  if (ran.code !== 0 && !/couldn't find remote ref/.test(ran.err)) throw new GitError(args, ran.code, ran.err.trim());
}

/** Pushes all of these or none; null where it was done, else why the remote took none. */
export async function pushAtomic(repo: Repo, remote: string, refspecs: readonly string[]): Promise<string | null> {
  const ran = await runGit(repo, ['push', '--quiet', '--atomic', '--', remote, ...refspecs], { ok: [0, 1, 128], terminal: true });
  return ran.code === 0 ? null : ran.err.trim() || `git push ended with ${ran.code}`;
}

/** Talking to remotes. */

import { GitError, type Repo, runGit } from './run.ts';

/** Nothing is asked of a person. */
const QUIET = { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' };

/** Whether a remote has a ref now; null where it cannot be asked (offline, no access, 15 s without an answer). */
export async function remoteHas(repo: Repo, remote: string, ref: string): Promise<boolean | null> {
  const asked = await runGit(repo, ['ls-remote', '--exit-code', '--', remote, ref], { ok: [0, 1, 2, 128], timeoutMs: 15_000, env: QUIET });
  return asked.code === 0 ? true : asked.code === 2 ? false : null;
}

/** What a ref stands for at a remote now, or null where it has none. Throws GitError where the remote cannot be reached. */
export async function remoteOid(repo: Repo, remote: string, ref: string): Promise<string | null> {
  const { out } = await runGit(repo, ['ls-remote', '--', remote, ref], { terminal: true });
  const row = out.split('\n').find((line) => line.endsWith(`\t${ref}`));
  return row?.split('\t')[0] ?? null;
}

/** Pushes a branch, over `replaces` alone where the remote stands there; null where it was done, else why the remote refused. */
export async function pushBranch(repo: Repo, remote: string, branch: string, tip: string, replaces: string | null): Promise<string | null> {
  const lease = replaces === null ? [] : [`--force-with-lease=refs/heads/${branch}:${replaces}`];
  return push(repo, [...lease, '--', remote, `${tip}:refs/heads/${branch}`]);
}

/** Fetches one branch into its remote-tracking ref; fine where the remote has no such branch yet. Throws GitError where it cannot be reached. */
export async function fetchBranch(repo: Repo, remote: string, branch: string): Promise<void> {
  const args = ['fetch', '--quiet', '--no-tags', '--', remote, `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`];
  const ran = await runGit(repo, args, { ok: [0, 1, 128], terminal: true });
  if (ran.code !== 0 && !/couldn't find remote ref/.test(ran.err)) throw new GitError(args, ran.code, ran.err.trim());
}

/** Fetches every branch whose short name begins so into its remote-tracking ref; fine where there is none. Throws GitError where the remote cannot be reached. */
export async function fetchBranches(repo: Repo, remote: string, prefix: string): Promise<void> {
  const refspec = `+refs/heads/${prefix}*:refs/remotes/${remote}/${prefix}*`;
  await runGit(repo, ['fetch', '--quiet', '--no-tags', '--', remote, refspec], { terminal: true });
}

/** Fetches one ref of a remote into a ref of our own. Throws GitError where it is not there or the remote cannot be reached. */
export async function fetchRef(repo: Repo, remote: string, ref: string, into: string): Promise<void> {
  await runGit(repo, ['fetch', '--quiet', '--no-tags', '--', remote, `+${ref}:${into}`], { terminal: true });
}

/** Pushes all of these or none; null where it was done, else why the remote took none. */
export async function pushAtomic(repo: Repo, remote: string, refspecs: readonly string[]): Promise<string | null> {
  return push(repo, ['--atomic', '--', remote, ...refspecs]);
}

async function push(repo: Repo, args: string[]): Promise<string | null> {
  const ran = await runGit(repo, ['push', '--quiet', ...args], { ok: [0, 1, 128], terminal: true });
  return ran.code === 0 ? null : ran.err.trim() || `git push ended with ${ran.code}`;
}

/** The refs that a remote has now and that fit the patterns; null where it cannot be asked. */
export async function remoteRefs(repo: Repo, remote: string, patterns: readonly string[]): Promise<Set<string> | null> {
  const asked = await runGit(repo, ['ls-remote', '--refs', '--', remote, ...patterns], {
    ok: [0, 1, 2, 128],
    timeoutMs: 15_000,
    env: QUIET,
  });
  if (asked.code !== 0) return null;
  return new Set(asked.out.split('\n').flatMap((row) => row.split('\t')[1] ?? []));
}

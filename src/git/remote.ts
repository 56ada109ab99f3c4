/** Talking to remotes. */

import { type Repo, runGit } from './run.ts';

/** Whether a remote has a ref now; null where it cannot be asked (offline, no access, 15 s without an answer). */
export async function remoteHas(repo: Repo, remote: string, ref: string): Promise<boolean | null> {
  const env = { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' };
  const asked = await runGit(repo, ['ls-remote', '--exit-code', '--', remote, ref], { ok: [0, 1, 2, 128], timeoutMs: 15_000, env });
  return asked.code === 0 ? true : asked.code === 2 ? false : null;
}

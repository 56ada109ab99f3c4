/** Whether a commit of a session goes through with the hooks of this checkout, and how long they take. */

import { oneLine } from '../../core/text/text.ts';
import { commitOf } from '../../git/refs.ts';
import { hookState } from '../hooks/install.ts';
import type { Finding, Probe } from './finding.ts';
import { type TriedCommit, tryCommit } from './try-commit.ts';

/** Above this a commit is felt to wait. */
const SLOW_MS = 1000;

export const hookCommit: Probe = {
  name: 'commit',
  look: async ({ repo, tell, now }) => {
    const head = await commitOf(repo, 'HEAD');
    if (head === null) return [{ health: 'skipped', what: 'No commit was tried', why: 'There is none yet to begin from.' }];
    const state = await hookState(repo);
    if (state !== 'active') return [{ health: 'skipped', what: 'No commit was tried', why: `The hooks are ${state}.` }];
    tell('Trying commits in a throwaway worktree, where your hooks run…');
    return judge(await tryCommit(repo, head, now));
  },
};

function judge({ refused, trailer, withHooks, without }: TriedCommit): Finding[] {
  if (refused !== null) {
    return [
      {
        health: 'warn',
        what: 'A commit in a throwaway worktree was refused',
        why: `${oneLine(refused.split('\n').slice(-4).join(' '), 300)} (nothing is installed there, which a hook of your own may need)`,
        next: 'Look at the hook that says so',
      },
    ];
  }
  const made: Finding = trailer
    ? { health: 'ok', what: 'A commit in a throwaway worktree went through, and names its session' }
    : {
        health: 'fail',
        what: 'A commit in a throwaway worktree went through, and does not name its session',
        why: 'Our hooks did not run there, or something takes their trailers away again.',
        next: 'git session init',
      };
  const [slow, bare] = [median(withHooks), median(without)];
  const cost = Math.max(0, Math.round(slow - bare));
  const many = withHooks.length > 1 ? `, the middle one of ${withHooks.length}` : '';
  const what = `All hooks together take ${cost} ms of a commit (${Math.round(slow)} ms with them, ${Math.round(bare)} ms without${many})`;
  return [made, { health: cost > SLOW_MS ? 'warn' : 'ok', what, ...(cost > SLOW_MS ? { next: 'See which: GIT_TRACE=1 git commit' } : {}) }];
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

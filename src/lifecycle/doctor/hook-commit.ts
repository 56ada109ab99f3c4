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

function judge({ refused, trailer, withHooks, without, byHook }: TriedCommit): Finding[] {
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
  return [made, cost(withHooks, without, byHook)];
}

/** What a commit waits for: all hooks together, and each, the slowest first. */
function cost(withHooks: number[], without: number[], byHook: TriedCommit['byHook']): Finding {
  const [slow, bare] = [median(withHooks), median(without)];
  const ms = Math.max(0, Math.round(slow - bare));
  const many = withHooks.length > 1 ? `, the middle one of ${withHooks.length}` : '';
  const what = `All hooks together take ${ms} ms of a commit (${Math.round(slow)} ms with them, ${Math.round(bare)} ms without${many})`;
  const each = [...byHook].map(([hook, times]) => ({ hook, ms: median(times) })).sort((a, b) => b.ms - a.ms);
  const why = each.map((row) => `${oneLine(row.hook, 60)} ${Math.round(row.ms)} ms`).join(', ') || undefined;
  if (ms <= SLOW_MS) return { health: 'ok', what, why };
  const slowest = each[0] ? `The slowest is ${oneLine(each[0].hook, 60)}: look at what it runs` : 'See which: GIT_TRACE=1 git commit';
  return { health: 'warn', what, why, next: slowest };
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

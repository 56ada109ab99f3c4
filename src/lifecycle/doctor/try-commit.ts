/** A real commit in a throwaway worktree that is bound to a session that does not exist: what the hooks do, and what they cost. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { hookTimes } from '../../core/hooks/hook-times.ts';
import { makeSessionId } from '../../core/session/session-id.ts';
import { addDetachedWorktree, forgetWorktree } from '../../git/checkout-tree.ts';
import { withoutHooks } from '../../git/configured-hooks.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import { ask, type Repo, runGit } from '../../git/run.ts';
import { withObjectsIn } from '../../git/sign.ts';
import { readOrNull } from '../../store/files.ts';
import { withLock } from '../../store/lock.ts';
import { lives, markOf } from '../../store/process.ts';
import { equipHusky } from '../hooks/install.ts';

export interface TriedCommit {
  /** Null where it was made; else what git and the hooks said. */
  refused: string | null;
  /** The commit names its session: our hooks ran. */
  trailer: boolean;
  /** Milliseconds of each commit, with hooks and without. */
  withHooks: number[];
  without: number[];
  /** Milliseconds of each hook, one figure a commit, by its name. */
  byHook: Map<string, number[]>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const TIMEOUT_MS = 120_000;
const NAME = /^git-session-doctor-(\d+)-/;
/** After a slow one nobody waits for more. */
const SLOW_MS = 2000;
const TIMES = 3;

/** Commits `head`'s tree again. Nothing of it stays: no ref, no object, no worktree, also where it is interrupted. */
export async function tryCommit(repo: Repo, head: string, now: Date): Promise<TriedCommit> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), `git-session-doctor-${process.pid}-`));
  let ended: NodeJS.Signals | null = null;
  const onSignal = (name: NodeJS.Signals) => {
    ended = name;
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const tree = join(home, 'try');
    await withLock(repo.commonDir, 'worktrees', () => addDetachedWorktree(repo, tree, head));
    const there = repoAt(repo, tree);
    await equipHusky(repo, tree);
    const id = makeSessionId('doctor', now);
    writeFileSync(join(there.gitDir, 'git-session'), `${id}\n`);
    const objects = join(home, 'objects');
    mkdirSync(objects);
    return await commits(withObjectsIn(there, objects), id, join(home, 'trace'));
  } finally {
    try {
      await clear(repo, home);
    } finally {
      for (const name of SIGNALS) process.off(name, onSignal);
      if (ended !== null) process.kill(process.pid, ended);
    }
  }
}

/** Takes away what a killed run left behind. */
export async function clearLeftovers(repo: Repo): Promise<void> {
  for (const { path } of await readWorktrees(repo)) {
    const pid = Number(NAME.exec(basename(dirname(path)))?.[1] ?? 0);
    if (pid > 0 && pid !== process.pid && lives(markOf(pid)) === 'no') await clear(repo, dirname(path));
  }
}

async function clear(repo: Repo, home: string): Promise<void> {
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  await withLock(repo.commonDir, 'worktrees', () => forgetWorktree(repo, join(home, 'try')));
}

async function commits(there: Repo, id: string, trace: string): Promise<TriedCommit> {
  const withHooks: number[] = [];
  const without: number[] = [];
  const byHook = new Map<string, number[]>();
  const timed = async () => {
    const { said, ms } = await commit(there, { trace });
    for (const [hook, time] of hookTimes(readOrNull(trace) ?? '')) byHook.set(hook, [...(byHook.get(hook) ?? []), time]);
    rmSync(trace, { force: true });
    withHooks.push(ms);
    return { said, ms };
  };
  const first = await timed();
  if (first.said !== null) return { refused: first.said, trailer: false, withHooks, without, byHook };
  const trailer = (await ask(there, ['log', '-1', '--format=%(trailers:key=Session-Id,valueonly)'])).trim() === id;
  for (let n = 0; n < (first.ms > SLOW_MS ? 1 : TIMES); n++) {
    without.push((await commit(there, { hooks: false })).ms);
    if (first.ms <= SLOW_MS) await timed();
  }
  return { refused: null, trailer, withHooks, without, byHook };
}

/** `trace`: a file for git's account of what it runs. */
async function commit(
  there: Repo,
  { hooks = true, trace }: { hooks?: boolean; trace?: string },
): Promise<{ said: string | null; ms: number }> {
  const at = hooks ? there : await withoutHooks(there);
  const args = ['commit', '--quiet', '--allow-empty', '--no-gpg-sign', '-m', 'A try by git session doctor'];
  const begun = performance.now();
  const ran = await runGit(at, args, {
    ok: [0, 1, 128],
    timeoutMs: TIMEOUT_MS,
    ...(trace ? { env: { GIT_TRACE2_EVENT: trace } } : {}),
  });
  const ms = performance.now() - begun;
  return { said: ran.code === 0 ? null : ran.err.trim() || `git commit ended with ${ran.code}`, ms };
}

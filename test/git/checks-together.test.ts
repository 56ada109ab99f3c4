/** Checks that run side by side, what a run tells while it goes on, and how it is ended from outside. */

import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CheckProgress } from '../../src/closeout/checks/index.ts';
import { shareOut } from '../../src/closeout/checks/share-out.ts';
import { check, ID, makeSession, PACKAGE, results } from '../support/checks.ts';
import { tempDir } from '../support/repo.ts';

/** Waits for a file to be there; the time limit of the check ends a wait in vain. */
const until = (path: string) => `until test -e '${path}'; do sleep 0.05; done`;
const beside = (name: string, run: string) => check(run, { name, parallel: true, timeout_minutes: 0.5 });

describe.skipIf(availableParallelism() < 2)('side by side', () => {
  test('those that policy lets run at once, in trees of their own; results and records keep the order of policy', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    const at = tempDir();
    // Each waits for the other, and the first ends last.
    const first = beside('first', `touch '${at}/1' own; ${until(`${at}/2`)}; ${until(`${at}/done`)}; ls; pwd`);
    const second = beside('second', `touch '${at}/2'; ${until(`${at}/1`)}; touch '${at}/done'; test ! -e own; pwd`);
    const alone = check(`test -e '${at}/done'`, { name: 'alone' });
    const events: CheckProgress[] = [];
    const found = await results(repo, [first, alone, second], { only: ['first', 'alone', 'second'], onProgress: (e) => events.push(e) });
    expect(Object.entries(found).map(([name, { status }]) => [name, status])).toEqual([
      ['first', 'passed'],
      ['alone', 'passed'],
      ['second', 'passed'],
    ]);
    const told = (phase: string) => events.flatMap((event) => (event.phase === phase && 'check' in event ? event.check : []));
    expect(told('started')).toEqual(['first', 'second', 'alone']);
    expect(told('finished').at(-1)).toBe('alone');
    const journal = readFileSync(join(repo.dir, `.git/git-session/journal/${ID}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    expect(journal.map((line) => JSON.parse(line).data.name)).toEqual(['first', 'alone', 'second']);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
    const trees = events.flatMap((event) => (event.phase === 'output' && event.line.startsWith('/') ? event.line : []));
    expect(new Set(trees).size).toBe(2);
    expect(trees.filter((path) => existsSync(path))).toEqual([]);
  });

  test('each has what the set-up made, and cannot spoil it for the others', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    const checks = { setup: 'mkdir -p node_modules/x && echo made > node_modules/x/f' };
    const run = 'test "$(cat node_modules/x/f)" = made && echo spoilt > node_modules/x/f';
    const list = [...['a', 'b', 'c'].map((name) => beside(name, run)), check(run, { name: 'd' }), check(run, { name: 'e' })];
    const found = await results(repo, list, { checks });
    expect(Object.values(found).map(({ status }) => status)).toEqual(Array(5).fill('passed'));
  });

  test('never more at once than there are processors', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    let [now, most] = [0, 0];
    const list = Array.from({ length: availableParallelism() + 2 }, (_, n) => beside(`c${n}`, 'true'));
    await results(repo, list, {
      onProgress: ({ phase }) => {
        now += phase === 'started' ? 1 : phase === 'finished' ? -1 : 0;
        most = Math.max(most, now);
      },
    });
    expect(most).toBeLessThanOrEqual(availableParallelism());
    expect(now).toBe(0);
  });

  test('what one leaves is not found by the next one in its place', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    const run = 'test ! -e left && test ! -e "$TMPDIR/left" && test ! -e ../left && touch left "$TMPDIR/left" ../left';
    const found = await results(
      repo,
      Array.from({ length: availableParallelism() * 2 }, (_, n) => beside(`c${n}`, run)),
    );
    expect(new Set(Object.values(found).map(({ status }) => status))).toEqual(new Set(['passed']));
  });
});

test('the run tells its plan first, then what happens', async () => {
  const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
  const events: CheckProgress[] = [];
  const list = [check('echo one; echo two >&2'), check('false', { name: 'docs', paths: ['docs/**'], required: false })];
  const checks = { setup: 'echo ready' };
  await results(repo, list, { only: ['secrets', 'tests', 'docs'], checks, onProgress: (e) => events.push(e) });
  expect(events[0]).toEqual({
    phase: 'planned',
    checks: [
      { name: 'secrets', source: 'built-in', required: true },
      { name: 'tests', source: 'policy', required: true },
      { name: 'docs', source: 'policy', required: false },
    ],
  });
  const short = events.slice(1).map((event) => (event.phase === 'planned' ? '' : `${event.phase} ${event.check}`));
  expect(short).toEqual([
    ...['started secrets', 'finished secrets', 'finished docs', 'started set-up', 'output set-up', 'finished set-up'],
    ...['started tests', 'output tests', 'output tests', 'finished tests'],
  ]);
});

test('a signal from outside ends what runs, leaves nothing behind, and is the reason', async () => {
  const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
  const before = repo.snapshot();
  const stop = new AbortController();
  let tree = '';
  const running = results(repo, [check('pwd; sleep 300')], {
    signal: stop.signal,
    onProgress: (event) => {
      if (event.phase !== 'output') return;
      tree = event.line;
      stop.abort(new Error('the person left'));
    },
  });
  await expect(running).rejects.toThrow('the person left');
  expect(existsSync(tree)).toBe(false);
  expect(repo.snapshot()).toBe(before);
  expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
  await expect(results(repo, [check('true')], { signal: AbortSignal.abort(new Error('left before')) })).rejects.toThrow('left before');
});

test('sharing out begins nothing new after a failure, and waits for what runs', async () => {
  const done: number[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const sharing = shareOut([1, 2, 3, 4], ['a', 'b'], async (n) => {
    if (n === 1) await gate;
    if (n === 2) {
      release();
      throw new Error('two');
    }
    done.push(n);
  });
  await expect(sharing).rejects.toThrow('two');
  expect(done).toEqual([1]);
});

/** Somebody holds `index.lock` and does not let go: what needs the index says so and changes nothing, the rest goes on, and with the lock gone all of it works. */

import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const LOCK = '.git/index.lock';

/** A lock that is older than anybody waits. */
function hold(repo: TestRepo): void {
  repo.write(LOCK, 'theirs');
  const old = new Date(Date.now() - 5 * 60_000);
  utimesSync(join(repo.dir, LOCK), old, old);
}

/** Without `git status`, which would want the index. */
const state = (repo: TestRepo) =>
  [
    repo.git('for-each-ref', '--format=%(refname) %(objectname)'),
    repo.git('symbolic-ref', 'HEAD'),
    repo.git('ls-files', '-s'),
    repo.read(LOCK),
  ].join('\n');

test.for([['start', 'another-thing'], ['switch', 'second-thing'], ['abandon'], ['undo', '--yes']])('git session %s', async (args) => {
  const repo = makeRepo();
  const first = await startSession(repo, 'second-thing');
  repo.git('switch', '-q', 'main');
  await repo.ok(['start', 'first-thing']);
  hold(repo);
  const before = state(repo);
  const ran = await repo.session(args);
  expect(ran.err).toMatch(
    /index\.lock is there: .* killed\.\n(?:.*\n)*next: Finish that commit, or delete the file if no git is at work there/,
  );
  expect([ran.code, state(repo)]).toEqual([1, before]);
  rmSync(join(repo.dir, LOCK));
  await repo.ok(args);
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(repo.git('rev-parse', '--verify', '-q', first.branch)).not.toBe('');
});

test('memory, tasks, reading and a session in its own worktree do not need it', async () => {
  const repo = makeRepo();
  await repo.ok(['start', 'first-thing']);
  hold(repo);
  await repo.ok(['memory', 'store', 'k', 'v']);
  expect((await repo.ok(['memory', 'get', 'k'])).out).toBe('v\n');
  await repo.ok(['hooks', 'pre-task', '--task-id', 't', '--description', 'Do it']);
  expect(await repo.json(['hooks', 'post-task', '--task-id', 't'])).toMatchObject({ queued: true });
  await repo.ok(['start', 'beside-it', '--worktree']);
  for (const args of [['status'], ['list'], ['show']]) await repo.ok(args);
  expect(repo.read(LOCK)).toBe('theirs');
  rmSync(join(repo.dir, LOCK));
  expect((await repo.json(['status'])).tasks).toMatchObject([{ task: 't', status: 'completed' }]);
});

/** `start` and `abandon` killed at any moment: nothing of the person's is touched, what exists is a whole session, and the next command is fine. */

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSessions } from '../../src/lifecycle/session/list-sessions.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { CLI, makeRepo, type TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

/** Runs the command and kills it after `ms`; resolves when it and the git processes that it left running have ended. */
async function killed(repo: TestRepo, args: string[], ms: number): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: repo.dir, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  const closed = new Promise((resolve) => child.on('close', resolve));
  await pause(ms);
  child.kill('SIGKILL');
  // The pipes close when the last git that inherited them has ended.
  await closed;
  await settled(repo);
}

/** git that was started by the killed process still finishes its own step. */
async function settled(repo: TestRepo): Promise<void> {
  for (let quiet = 0; quiet < 3; await pause(10)) {
    quiet = readdirSync(join(repo.dir, '.git')).some((name) => name.endsWith('.lock')) ? 0 : quiet + 1;
  }
}

async function whole(repo: TestRepo, mine: string): Promise<void> {
  expect(repo.read('mine.txt')).toBe(mine);
  expect(repo.git('status', '--porcelain')).toBe('AM mine.txt');
  expectNothingLeft(repo);
  const branches = repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/session/').split('\n').filter(Boolean);
  const sessions = await openSessions(await repo.open());
  expect(sessions.map(({ session }) => session.branch).sort()).toEqual(branches.sort());
  expect(sessions.every(({ state }) => state === 'active')).toBe(true);
}

test('start', async () => {
  const repo = makeRepo();
  repo.write('mine.txt', 'staged\n');
  repo.git('add', 'mine.txt');
  repo.write('mine.txt', 'mine\n');
  for (let n = 0; n < 12; n++) {
    await killed(repo, ['start', `killed-start-${n}`], 60 + n * 18);
    await whole(repo, 'mine\n');
  }
  await repo.ok(['start', 'after-the-kills']);
  await whole(repo, 'mine\n');
});

test('abandon: the session is there, or it is in the trash', async () => {
  const repo = makeRepo();
  for (let n = 0; n < 8; n++) {
    const session = await startSession(repo, `killed-abandon-${n}`, { base: 'main' });
    await killed(repo, ['abandon', session.id], 90 + n * 25);
    const refs = repo.git('for-each-ref', '--format=%(refname)', `refs/heads/${session.branch}`, `refs/git-session/trash/${session.id}`);
    expect(refs.split('\n')).toHaveLength(1);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.git('rev-parse', '--verify', 'HEAD')).toMatch(/^[0-9a-f]{40}$/);
    await repo.ok(['show', session.id]);
  }
  expect(repo.git('fsck', '--no-dangling')).toBe('');
});

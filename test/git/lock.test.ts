import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SessionError } from '../../src/core/errors.ts';
import { tryLock, withLock } from '../../src/store/lock.ts';
import { lives, markOf } from '../../src/store/process.ts';
import { tempDir } from '../support/repo.ts';
import { bundleWorker, startWorker } from '../support/workers.ts';

const folder = (dir: string) => join(dir, 'git-session', 'locks', 'test');

/** A lock as another process left it. */
function leave(dir: string, mark: object): string {
  mkdirSync(folder(dir), { recursive: true });
  const file = join(folder(dir), 'e7');
  writeFileSync(file, JSON.stringify(mark));
  return file;
}

test('held, released, taken again; one file is left', () => {
  const dir = tempDir();
  const lock = tryLock(dir, 'test');
  expect(lock).not.toBeNull();
  expect(tryLock(dir, 'test')).toBeNull();
  expect(tryLock(dir, 'other')).not.toBeNull();
  lock?.release();
  const again = tryLock(dir, 'test');
  expect(again).not.toBeNull();
  expect(readdirSync(folder(dir))).toHaveLength(1);
});

test('a dead holder, a used-again pid and a zombie hold nothing; the living do', () => {
  const own = markOf();
  expect(
    tryLock(
      (() => {
        const dir = tempDir();
        leave(dir, own);
        return dir;
      })(),
      'test',
    ),
  ).toBeNull();
  for (const mark of [{ ...own, start: '1' }, { ...own, pid: 2 ** 30 }, {}]) {
    const dir = tempDir();
    leave(dir, mark);
    expect(tryLock(dir, 'test')).not.toBeNull();
  }
  expect(lives(own)).toBe('yes');
});

test('a holder in another pid name space is believed for ten minutes', () => {
  const dir = tempDir();
  const file = leave(dir, { pid: 1, start: null, space: 'pid:[1]' });
  expect(tryLock(dir, 'test')).toBeNull();
  const old = new Date(Date.now() - 11 * 60_000);
  utimesSync(file, old, old);
  expect(tryLock(dir, 'test')).not.toBeNull();
});

test('withLock waits, releases when the work throws, and says so when the wait is over', async () => {
  const dir = tempDir();
  await expect(
    withLock(dir, 'test', () => {
      throw new Error('x');
    }),
  ).rejects.toThrow('x');
  const lock = tryLock(dir, 'test');
  await expect(withLock(dir, 'test', () => 1, { timeoutMs: 30 })).rejects.toBeInstanceOf(SessionError);
  setTimeout(() => lock?.release(), 30);
  expect(await withLock(dir, 'test', async () => 2)).toBe(2);
});

test('8 processes, killed at random: never two inside', async () => {
  const dir = tempDir();
  const program = await bundleWorker('lock-worker');
  const spawned = Array.from({ length: 8 }, () => startWorker(program, [dir, '2500']));
  for (let n = 0; n < 12; n++) {
    await pause(100);
    const victim = spawned[n % spawned.length]?.child.pid;
    if (victim && n > 3) {
      try {
        process.kill(victim, 'SIGKILL');
      } catch {
        // It has ended already.
      }
      spawned.push(startWorker(program, [dir, '1200']));
    }
  }
  const ended = await Promise.all(spawned.map((worker) => worker.ended));
  const told = ended.map((end) => /(\d+) taken, (\d+) violations/.exec(end.out)).filter((match) => match !== null);
  expect(told.length).toBeGreaterThan(3);
  expect(told.reduce((sum, match) => sum + Number(match[1]), 0)).toBeGreaterThan(50);
  expect(told.map((match) => match[2]).filter((violations) => violations !== '0')).toEqual([]);
});

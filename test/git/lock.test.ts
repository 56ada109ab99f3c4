import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { attempt, type Lock, tryLock, withLock } from '../../src/store/lock.ts';
import { lives, markOf } from '../../src/store/process.ts';
import { tempDir } from '../support/repo.ts';
import { randomOf, SEED, SOAKING, soakSeconds } from '../support/soak.ts';
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
  for (const mark of [{ ...own, start: '1' }, { ...own, pid: 2 ** 30 }, { pid: 0, start: null, space: null }, {}]) {
    const dir = tempDir();
    leave(dir, mark);
    expect(tryLock(dir, 'test')).not.toBeNull();
  }
  expect(lives(own)).toBe('yes');
});

test.each([
  ['in another pid name space', `${hostname()} pid:[1]`],
  ['on another host, whose name space has the same number', markOf().space.replace(hostname(), 'elsewhere')],
  ['on a system without /proc', 'mac -'],
])('a holder %s is believed for ten minutes without a sign', (_, space) => {
  const dir = tempDir();
  const file = leave(dir, { pid: 2 ** 30, start: null, space });
  expect(tryLock(dir, 'test')).toBeNull();
  const old = new Date(Date.now() - 11 * 60_000);
  utimesSync(file, old, old);
  expect(tryLock(dir, 'test')).not.toBeNull();
});

test('a holder that waits for a person gives a sign', () => {
  vi.useFakeTimers();
  try {
    const dir = tempDir();
    const lock = tryLock(dir, 'test');
    const file = join(folder(dir), readdirSync(folder(dir))[0] ?? '');
    utimesSync(file, 1, 1);
    vi.advanceTimersByTime(61_000);
    expect(statSync(file).mtimeMs).toBeGreaterThan(1000);
    lock?.release();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test.skipIf(!existsSync('/proc/self/fd'))('a sign that the disk does not take ends nothing', () => {
  vi.useFakeTimers();
  try {
    const dir = tempDir();
    expect(tryLock(dir, 'test')).not.toBeNull();
    const inode = statSync(join(folder(dir), readdirSync(folder(dir))[0] ?? '')).ino;
    const open = readdirSync('/proc/self/fd').map(Number);
    const [fd = -1] = open.filter((one) => statSync(`/proc/self/fd/${one}`, { throwIfNoEntry: false })?.ino === inode);
    // Stands for a file system that is gone.
    closeSync(fd);
    expect(() => vi.advanceTimersByTime(61_000)).not.toThrow();
  } finally {
    vi.useRealTimers();
  }
});

test('withLock waits, releases when the work throws, and says so when the wait is over', async () => {
  const dir = tempDir();
  await expect(
    withLock(dir, 'test', () => {
      throw new Error('x');
    }),
  ).rejects.toThrow('x');
  const lock = tryLock(dir, 'test');
  await expect(withLock(dir, 'test', () => 1, { timeoutMs: 30 })).rejects.toMatchObject({
    name: 'SessionError',
    next: expect.stringContaining('gives it up after 10 minutes'),
  });
  setTimeout(() => lock?.release(), 30);
  expect(await withLock(dir, 'test', async () => 2)).toBe(2);
});

/** Processes that contend for one lock, stepped one at a time from here; their marks are those of real processes that can be killed. */
class Contenders {
  readonly #dir = folder(tempDir());
  readonly #all = new Map<number, { child: ChildProcess; steps: ReturnType<typeof attempt> | null; lock: Lock | null }>();

  #of(who: number) {
    const known = this.#all.get(who);
    if (known) return known;
    const made = { child: spawn('sleep', ['1000'], { stdio: 'ignore' }), steps: null, lock: null };
    this.#all.set(who, made);
    return made;
  }

  /** Steps of an attempt, or the release of what it holds. Never two living holders. */
  step(who: number, times = 1): void {
    for (let n = 0; n < times; n++) this.#step(who);
  }

  /** An attempt from its beginning, or from where it stopped, to its end; true where it holds the lock then. */
  finish(who: number): boolean {
    do this.#step(who);
    while (this.#of(who).steps);
    return this.#of(who).lock !== null;
  }

  /** Takes the lock where it can, and gives it back. */
  pass(who: number): void {
    if (this.finish(who)) this.#step(who);
  }

  #step(who: number): void {
    const one = this.#of(who);
    if (one.lock) {
      one.lock.release();
      one.lock = null;
      return;
    }
    one.steps ??= attempt(this.#dir, markOf(one.child.pid));
    const { done, value } = one.steps.next();
    if (!done) return;
    one.steps = null;
    one.lock = value ?? null;
    expect([...this.#all.values()].filter((other) => other.lock).length).toBeLessThan(2);
  }

  async kill(who: number): Promise<void> {
    const { child } = this.#of(who);
    this.#all.delete(who);
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    for (const who of [...this.#all.keys()]) await this.kill(who);
    expect(tryLock(join(this.#dir, '../../..'), 'test')).not.toBeNull();
    expect(readdirSync(this.#dir).filter((file) => file.startsWith('e'))).toHaveLength(1);
  }
}

/** Up to the link that takes the epoch after the one it has seen; then it sleeps. */
const FALLS_ASLEEP = 2;

test.each([1, 2])('a sleeper behind %d others, and one killed before it took its late epoch back, hold nothing', async (others) => {
  // Once a released epoch gave its name away, and one was followed by its name: a sleeper took e2 again, since a dead one had made e1 anew.
  const all = new Contenders();
  const [killed, sleeper] = [8, 9];
  all.step(killed, FALLS_ASLEEP);
  all.pass(0);
  all.step(sleeper, FALLS_ASLEEP);
  for (let n = 0; n < others; n++) all.pass(1);
  all.step(killed);
  await all.kill(killed);
  all.finish(sleeper);
  all.pass(2);
  await all.end();
});

test(`contenders stepped and killed in any order: never two inside (seed ${SEED})`, { timeout: 600_000 }, async () => {
  const act = fc.record({ who: fc.nat(4), times: fc.integer({ min: 1, max: 9 }), killed: fc.nat(9).map((n) => n === 0) });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 60 }), async (acts) => {
      const all = new Contenders();
      for (const { who, times, killed } of acts) {
        if (killed) await all.kill(who);
        else all.step(who, times);
      }
      await all.end();
    }),
    { seed: SEED, numRuns: SOAKING ? soakSeconds(0) * 5 : 60 },
  );
});

test(`8 processes, killed at random: never two inside (seed ${SEED})`, { timeout: (soakSeconds(2) + 60) * 1000 }, async () => {
  const dir = tempDir();
  const random = randomOf(SEED);
  const program = await bundleWorker('lock-worker');
  const until = Date.now() + soakSeconds(2) * 1000;
  const start = () => startWorker(program, [dir, String(Math.max(600, until - Date.now() + 300))]);
  const spawned = Array.from({ length: 8 }, start);
  while (Date.now() < until) {
    await pause(60 + random() * 80);
    const alive = spawned.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    alive[Math.floor(random() * alive.length)]?.child.kill('SIGKILL');
    spawned.push(start());
  }
  const ended = await Promise.all(spawned.map((worker) => worker.ended));
  expect(ended.filter(({ code, err }) => (code !== null && code !== 0) || err !== '')).toEqual([]);
  const told = ended.map((end) => /(\d+) taken, (\d+) violations/.exec(end.out)).filter((match) => match !== null);
  expect(told.length).toBeGreaterThan(3);
  expect(told.reduce((sum, match) => sum + Number(match[1]), 0)).toBeGreaterThan(50);
  expect(told.map((match) => match[2]).filter((violations) => violations !== '0')).toEqual([]);
});

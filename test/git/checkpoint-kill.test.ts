import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drain } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { makeRepo, run } from '../support/repo.ts';
import { randomOf, SEED, soakSeconds } from '../support/soak.ts';
import { startWork } from '../support/work.ts';
import { bundleWorker, type Ended, startWorker } from '../support/workers.ts';

const SECONDS = soakSeconds(7);
const WORKERS = 4;
/** A worker that is killed before it has asked for anything shows nothing. */
const GROWN_MS = 900;

test(`kill -9 at any moment: no accepted file is lost, none deleted, the person keeps what is theirs (seed ${SEED})`, {
  timeout: (SECONDS + 120) * 1000,
}, async () => {
  const next = randomOf(SEED);
  const repo = makeRepo({ files: { 'src/mine.js': '1\n' } });
  const work = await startWork(repo);
  const gitDir = work.repo.gitDir;
  repo.write('staged.txt', 'staged\n');
  repo.git('add', 'staged.txt');
  const program = await bundleWorker('checkpoint-worker');
  const alive = new Map<ChildProcess, number>();
  const ends: Promise<Ended>[] = [];
  let started = 0;
  const start = () => {
    const { child, ended } = startWorker(program, [repo.dir, `agent${started++}`, '100000']);
    alive.set(child, Date.now());
    ends.push(ended.finally(() => alive.delete(child)));
  };
  for (let n = 0; n < WORKERS; n++) start();
  const journal = () => {
    try {
      return readFileSync(join(gitDir, 'git-session/drain/plan.json'), 'utf8');
    } catch {
      return '';
    }
  };
  const tipNow = () => readFileSync(join(work.repo.commonDir, work.ref), 'utf8');
  // Moments at which a kill hurts most; the rest of the time, any moment.
  const moments = [() => true, () => existsSync(join(gitDir, 'index.lock')), () => journal().includes('"mover":{'), () => journal() !== ''];
  let kills = 0;
  let committed = 0;
  const staged = ['staged.txt'];
  let moves = 0;
  const until = Date.now() + SECONDS * 1000;
  await pause(600);
  // A machine that is busy with other things gets more time to show something.
  while (Date.now() < until || ((moves < 4 || kills < 10) && Date.now() < until + 60_000)) {
    const moment = moments[Math.floor(next() * moments.length)] ?? (() => true);
    const patience = Date.now() + 150;
    while (!moment() && Date.now() < patience) await pause(0);
    const grown = [...alive].filter(([, born]) => Date.now() - born > GROWN_MS).map(([child]) => child);
    const victim = grown.find((child) => child.pid === holder(gitDir)) ?? grown[Math.floor(next() * grown.length)];
    if (!victim) {
      await pause(20);
      continue;
    }
    // Alone, its git goes on and ends by itself; as a group, git dies in the middle and leaves its own locks.
    if (victim.pid) process.kill(next() < 0.5 ? victim.pid : -victim.pid, 'SIGKILL');
    kills++;
    start();
    if (kills % 5 === 0) {
      repo.write(`person${kills}.txt`, 'x');
      const mine = `person${kills}.txt`;
      if ((await run('git', ['add', '--', mine], { cwd: repo.dir })).code === 0) {
        // Without hooks a commit fails where a checkpoint is faster, and keeps what is staged.
        if ((await run('git', ['commit', '-qm', 'mine', '--', mine], { cwd: repo.dir })).code === 0) committed++;
        else staged.push(mine);
      }
    }
    // On a busy machine kills in a row would let nobody come to an end.
    const tip = tipNow();
    for (const patient = Date.now() + 1500; tipNow() === tip && Date.now() < patient; ) await pause(10);
    if (tipNow() !== tip) moves++;
    await pause(next() * 60);
  }
  for (const child of alive.keys()) if (child.pid) process.kill(-child.pid, 'SIGKILL');
  const ended = await Promise.all(ends);
  await pause(300);
  const report = await drain(work.repo, { wait: true });
  expect(report).toMatchObject({ left: 0, refused: [], held: [], busy: false });
  const failed = ended.filter((end) => end.code !== null && end.code !== 0);
  expect(failed).toEqual([]);

  const accepted = ended.flatMap((end) => end.out.split('\n').filter((line) => line.startsWith('accepted '))).map((line) => line.slice(9));
  console.log(`seed ${SEED}: ${kills} kills, ${accepted.length} accepted, ${committed} commits of the person`);
  expect(accepted.length).toBeGreaterThan(0);
  expect([kills >= 10, moves >= 4]).toEqual([true, true]);
  const tree = new Set(repo.git('ls-tree', '-r', '-z', '--name-only', 'HEAD').split('\0'));
  expect(accepted.filter((path) => !tree.has(path))).toEqual([]);
  expect(repo.git('log', '--diff-filter=D', '--format=%h %s', '--name-only')).toBe('');
  expect(repo.git('diff', '--cached', '--name-status').split('\n').sort()).toEqual(staged.map((path) => `A\t${path}`).sort());
  const person = repo.git('log', '--format=', '--name-only', '--author-date-order', '--grep=^mine$').split('\n').filter(Boolean);
  expect(person.filter((path) => !path.startsWith('person'))).toEqual([]);
  repo.git('commit', '-qm', 'after');
  expect(repo.git('show', '--name-status', '--format=').split('\n').sort()).toEqual(staged.map((path) => `A\t${path}`).sort());
  expect(repo.git('fsck', '--no-dangling', '--no-progress')).toBe('');
  const left = execFileSync(
    'find',
    [gitDir, '-name', '*.lock', '-o', '-name', 'fast_import_crash*', '-o', '-path', '*/git-session/drain/*'],
    {
      encoding: 'utf8',
    },
  );
  expect(left).toBe('');
  // What a killed worker had written and not asked for yet is all that is left.
  const stray = repo
    .git('status', '--porcelain', '-uall')
    .split('\n')
    .filter((row) => row && !row.startsWith('?? '));
  expect(stray).toEqual([]);
  expect((await repo.json(['status'])).session.id).toBe(work.id);
  await repo.ok(['memory', 'store', 'after/the-kills', 'fine']);
});

/** The process that drains now. */
function holder(gitDir: string): number {
  const dir = join(gitDir, 'git-session/locks/checkpoint');
  try {
    const top = readdirSync(dir)
      .filter((name) => /^e\d+$/.test(name))
      .sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)))[0];
    return JSON.parse(readFileSync(join(dir, String(top)), 'utf8')).pid;
  } catch {
    return 0;
  }
}

/** `git session check --watch`, at a terminal and at a pipe. */

import { spawn } from 'node:child_process';
import { spawn as openPty } from '@lydell/node-pty';
import { expect, onTestFinished, test } from 'vitest';
import { CLI, makeRepo, type TestRepo } from '../support/repo.ts';

async function setUp(): Promise<{ repo: TestRepo; id: string }> {
  const repo = makeRepo({
    files: { '.sessionrc.yaml': 'version: 1\nchecks:\n  - { name: words, run: "! grep -r wrong src" }\n', 'src/a.txt': 'right\n' },
  });
  await repo.ok(['start', 'watched-topic']);
  return { repo, id: repo.git('branch', '--show-current').replace('session/', 'session-') };
}

/** The command at a pipe: what it prints, and a promise for text that is still to come. */
function watching(repo: TestRepo, ...args: string[]) {
  const child = spawn(process.execPath, [CLI, 'check', '--watch', ...args], { cwd: repo.dir });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [text, seen] = ['', 0];
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      look();
    });
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const waitFor = (what: string) =>
    new Promise<string>((resolve, reject) => {
      look = () => {
        const at = text.indexOf(what, seen);
        if (at < 0) return;
        const part = text.slice(seen, at + what.length);
        seen = at + what.length;
        look = () => {};
        resolve(part);
      };
      ended.then(() => reject(new Error(`ended without printing ${what}:\n${text}`)));
      look();
    });
  return { child, ended, waitFor, text: () => text };
}

const WAITING = 'Waiting for new commits. Ctrl-C ends.';

test('runs again after a commit of the session, of base, and through packed refs; nothing else makes it run', async () => {
  const { repo } = await setUp();
  const { waitFor, child, ended, text } = watching(repo, 'words');
  expect(await waitFor(WAITING)).toMatch(/^words +passed/m);
  // None of these changes what would be checked.
  repo.write('src/loose.txt', 'wrong\n');
  repo.git('update-index', '--refresh', '-q');
  repo.git('branch', 'elsewhere');
  repo.git('add', 'src/loose.txt');
  repo.git('commit', '-q', '-m', 'a mistake');
  expect(await waitFor(WAITING)).toMatch(/^words +failed[\s\S]*1 required check did not pass: words\./m);
  repo.git('pack-refs', '--all');
  repo.git('rm', '-q', 'src/loose.txt');
  repo.git('commit', '-q', '-m', 'right again');
  expect(await waitFor(WAITING)).toMatch(/^words +passed/m);
  const branch = repo.git('branch', '--show-current');
  repo.git('switch', '-q', 'main');
  repo.commit('main moves', { 'src/b.txt': 'right\n' });
  expect(await waitFor(WAITING)).toContain(`merged with main at ${repo.git('rev-parse', '--short=10', 'main')}`);
  repo.commit('a conflict', { 'src/a.txt': 'other\n' });
  await waitFor(WAITING);
  repo.git('switch', '-q', branch);
  repo.commit('a conflict too', { 'src/a.txt': 'another\n' });
  expect(await waitFor(WAITING)).toContain('error: The session conflicts with main, so there is no tree to check.');
  expect(text()).not.toContain('\u001b');
  expect(text().match(/Running words/g)).toHaveLength(5);
  child.kill('SIGINT');
  expect((await ended).signal).toBe('SIGINT');
});

test('ends when the session is open no more', async () => {
  const { repo, id } = await setUp();
  const { waitFor, ended, text } = watching(repo);
  await waitFor(WAITING);
  await repo.ok(['abandon', id]);
  expect((await ended).code).toBe(0);
  expect(text()).toContain(`${id} has no branch any more: there is nothing left to check.`);
});

test.each([
  ['xterm', true],
  ['dumb', false],
])('clears the screen of a terminal that has one: %s', async (TERM, clears) => {
  const { repo } = await setUp();
  const env = { ...(process.env as Record<string, string>), TERM };
  const pty = openPty(process.execPath, [CLI, 'check', 'words', '--watch'], { cwd: repo.dir, cols: 100, rows: 30, env });
  let raw = '';
  const waiting = new Promise<void>((resolve) => {
    pty.onData((data) => {
      raw += data;
      if (raw.includes(WAITING)) resolve();
    });
  });
  const ended = new Promise<void>((resolve) => void pty.onExit(() => resolve()));
  await waiting;
  pty.write('\u0003');
  await ended;
  expect(raw.includes('\u001b[2J\u001b[H')).toBe(clears);
});

test('is for people: it does not go with --json', async () => {
  const { repo } = await setUp();
  const before = repo.snapshot();
  const ran = await repo.session(['check', '--watch', '--json']);
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain('--watch shows checks to a person');
  expect(repo.snapshot()).toBe(before);
});

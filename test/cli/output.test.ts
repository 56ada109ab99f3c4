import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CLI, makeRepo } from '../support/repo.ts';

/** Exit code and standard error of the help, with standard output at `stdout`. */
function help(stdout: number | 'pipe', read: (out: NodeJS.ReadableStream | null) => void): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [CLI, '-h'], { cwd: makeRepo().dir, stdio: ['ignore', stdout, 'pipe'] });
  let err = '';
  child.stderr?.on('data', (data: Buffer) => {
    err += String(data);
  });
  read(child.stdout);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, err })));
}

test('a reader that goes away is no failure', async () => {
  expect(await help('pipe', (out) => (out as unknown as { destroy(): void }).destroy())).toEqual({ code: 0, err: '' });
});

test('what was begun is done, also where nobody reads what is said of it', async () => {
  const repo = makeRepo();
  const child = spawn(process.execPath, [CLI, 'init', '--yes', '--no-detect', '--no-approver'], {
    cwd: repo.dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  child.stderr.destroy();
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
  expect(repo.git('log', '-1', '--format=%s', 'main')).toBe('Set up git-session');
});

test('what goes on for ever ends with its reader', async () => {
  const repo = makeRepo();
  await repo.ok(['start', 'watch-the-work']);
  const child = spawn(process.execPath, [CLI, 'watch', '--plain'], { cwd: repo.dir, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
});

test.runIf(existsSync('/dev/full'))('a full disk is said once, without a stack', async () => {
  const { code, err } = await help(openSync('/dev/full', 'w'), () => {});
  expect(code).toBe(1);
  expect(err).toMatch(/^error: .*\n$/);
});

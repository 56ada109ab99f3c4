/** What a check may see, and what it may leave behind: nothing. */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { check, makeSession, result, results } from '../support/checks.ts';
import { ROOT, type TestRepo, tempDir } from '../support/repo.ts';

const FILES = { 'a.txt': 'a' };

function logOf(repo: TestRepo, sha256: string | null): string {
  return readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${sha256}.log`), 'utf8');
}

function lives(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false;
  }
}

describe('the environment', () => {
  test('holds the basic names, those of policy, and nothing of git, of a session or of an agent', async () => {
    const set = {
      GIT_DIR: '/nowhere',
      GIT_SESSION_ID: 'x',
      CLAUDECODE: '1',
      NODE_OPTIONS: '--bad',
      API_TOKEN: 't',
      OTHER: 'o',
      GIT_AUTHOR_NAME: 'n',
    };
    const repo = makeSession(FILES, { 'b.txt': 'b' });
    const open = await repo.open();
    const path = process.env.PATH;
    Object.assign(process.env, set, { PATH: `${repo.dir}/node_modules/.bin:relative::${path}` });
    onTestFinished(() => {
      for (const name of Object.keys(set)) delete process.env[name];
      process.env.PATH = path;
    });
    const { checkEnvironment } = await import('../../src/closeout/checks/environment.ts');
    const names = ['API_TOKEN', 'GIT_AUTHOR_NAME', 'GIT_SESSION_ID', 'CLAUDECODE', 'ABSENT'];
    const env = checkEnvironment(process.env, { names, tmp: '/t', outside: [open.top] });
    expect(env).toMatchObject({ CI: '1', TMPDIR: '/t', HOME: process.env.HOME, API_TOKEN: 't' });
    expect(env.PATH?.split(':')).toEqual(path?.split(':').filter((dir) => dir.startsWith('/')));
    const allowed =
      'API_TOKEN CI HOME HUSKY LANG LC_ALL LC_CTYPE LEFTHOOK LOGNAME PATH SKIP_INSTALL_SIMPLE_GIT_HOOKS TERM TMPDIR USER'.split(' ');
    expect(Object.keys(env).filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test('has no input, and git in it sees the checked tree', async () => {
    const repo = makeSession(FILES, { 'b.txt': 'b' });
    const found = await result(repo, check('cat; git rev-parse --show-toplevel; git status --porcelain; git log -1 --format=%s'));
    expect(found.status).toBe('passed');
    expect(logOf(repo, found.log_sha256)).toMatch(/^\/\S+\/tree\nThe checked tree\n$/);
  });
});

describe('time', () => {
  test('runs out for grandchildren too, also for those that left the group or ignore the request', async () => {
    const repo = makeSession(FILES, { 'b.txt': 'b' });
    const pids = join(tempDir(), 'pids');
    const run = `(trap '' TERM; echo $$ >> '${pids}'; sh -c 'echo $$ >> "${pids}"; sleep 300' & setsid sh -c 'echo $$ >> "${pids}"; sleep 300' & sleep 300)`;
    const found = await result(repo, check(run, { timeout_minutes: 0.01 }));
    expect(found).toMatchObject({ status: 'timed-out', exit_code: null });
    expect(found.duration_ms).toBeLessThan(10_000);
    const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    expect(started).toHaveLength(3);
    expect(started.filter(lives)).toEqual([]);
  });

  test('is not waited for where a check leaves a process in the background', async () => {
    const repo = makeSession(FILES, { 'b.txt': 'b' });
    const pid = join(tempDir(), 'pid');
    const found = await result(repo, check(`sleep 300 & echo $! > '${pid}'`));
    expect(found.status).toBe('passed');
    expect(found.duration_ms).toBeLessThan(5000);
    expect(lives(Number(readFileSync(pid, 'utf8')))).toBe(false);
  });
});

test('output is kept up to a bound, its beginning and its end', async () => {
  const repo = makeSession(FILES, { 'b.txt': 'b' });
  const found = await result(repo, check('echo first; head -c 6000000 /dev/zero | tr "\\0" x; echo; echo "# last"'));
  const log = logOf(repo, found.log_sha256);
  expect(log.startsWith('first\nxxx')).toBe(true);
  expect(log.endsWith('xxx\n# last\n')).toBe(true);
  expect(log).toMatch(/\n\[git-session: \d+ bytes left out here\]\n/);
  expect(log.length).toBeLessThan(4_300_000);
});

test('folders that a check made read-only, and a tree without its .git, are removed all the same', async () => {
  const repo = makeSession(FILES, { 'b.txt': 'b' });
  const found = await result(repo, check('pwd; mkdir -p deep/er && touch deep/er/x && chmod -R a-w deep && rm .git'));
  expect(found.status).toBe('passed');
  expect(existsSync(logOf(repo, found.log_sha256).trim())).toBe(false);
  expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
});

test('what a check leaves beside its tree, one or two folders up, is found by no other check and no later run', async () => {
  const repo = makeSession(FILES, { 'b.txt': 'b' });
  const leaves = check('test ! -e ../left && test ! -e ../../left && test ! -e ../../../left && touch ../left ../../left ../../../left');
  for (const purpose of ['look', 'look', 'decide', 'decide'] as const) {
    const found = await results(repo, [leaves, { ...leaves, name: 'again' }], { purpose });
    expect([found.tests?.status, found.again?.status], purpose).toEqual(['passed', 'passed']);
  }
});

test('a run that decides lies at a path of its own', async () => {
  const repo = makeSession(FILES, { 'b.txt': 'b' });
  const where = async (purpose: 'look' | 'decide') => (await result(repo, check('pwd'), { purpose })).log_sha256;
  expect(await where('look')).toBe(await where('look'));
  expect(await where('decide')).not.toBe(await where('decide'));
});

test('no hook of the repository runs when the tree is put on disk', async () => {
  const repo = makeSession({ ...FILES, '.hooks/post-checkout': '#!/bin/sh\ntouch "$PWD/hooked"\n' }, { 'b.txt': 'b' });
  repo.git('update-index', '--chmod=+x', '.hooks/post-checkout');
  repo.commit('executable');
  repo.git('config', 'core.hooksPath', join(repo.dir, '.hooks'));
  expect((await result(repo, check('test ! -e hooked'))).status).toBe('passed');
});

test('the whole tree is there where the checkout is sparse', async () => {
  const repo = makeSession({ 'in/a.txt': 'a', 'out/b.txt': 'b' }, { 'in/c.txt': 'c' });
  repo.git('sparse-checkout', 'set', 'in');
  expect(repo.has('out/b.txt')).toBe(false);
  expect((await result(repo, check('test -e out/b.txt'))).status).toBe('passed');
});

describe('when it is ended', () => {
  /** A process of its own that runs a check which says when it has begun. */
  async function start(
    repo: TestRepo,
  ): Promise<{ end(signal: NodeJS.Signals): Promise<NodeJS.Signals | null>; tree: string; pid: number }> {
    const began = join(tempDir(), 'began');
    const script = join(tempDir(), 'run.ts');
    writeFileSync(
      script,
      `import { check, result } from '${ROOT}/test/support/checks.ts';
       import { TestRepo } from '${ROOT}/test/support/repo.ts';
       await result(new TestRepo(${JSON.stringify(repo.dir)}), check(${JSON.stringify(`pwd > '${began}.part'; echo $$ >> '${began}.part'; mv '${began}.part' '${began}'; sleep 300`)}));`,
    );
    const bundle = join(tempDir(), 'run.mjs');
    const noVitest = join(tempDir(), 'no-vitest.ts');
    writeFileSync(noVitest, 'export const onTestFinished = () => {};');
    const { build } = await import('esbuild');
    await build({
      entryPoints: [script],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      nodePaths: [join(ROOT, 'node_modules')],
      alias: { vitest: noVitest },
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    const child = spawn(process.execPath, [bundle], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    while (!existsSync(began) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
    const [tree = '', pid = '0'] = readFileSync(began, 'utf8').split('\n');
    const end = (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    };
    return { tree, pid: Number(pid), end };
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s, nothing is left and the signal is what ended it', async (signal) => {
    const repo = makeSession(FILES, { 'b.txt': 'b' });
    const before = repo.snapshot();
    const running = await start(repo);
    expect(await running.end(signal)).toBe(signal);
    expect(existsSync(running.tree)).toBe(false);
    expect(lives(running.pid)).toBe(false);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(repo.snapshot()).toBe(before);
  });

  test('by kill -9, the next run clears folder, worktree and processes away', async () => {
    const repo = makeSession(FILES, { 'b.txt': 'b' });
    const running = await start(repo);
    await running.end('SIGKILL');
    expect(existsSync(running.tree)).toBe(true);
    mkdirSync(join(running.tree, '..', 'more'));
    expect((await result(repo, check('true'))).status).toBe('passed');
    expect(existsSync(join(running.tree, '..', '..'))).toBe(false);
    expect(lives(running.pid)).toBe(false);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(readdirSync(join(repo.dir, '.git')).includes('worktrees')).toBe(false);
  });
});

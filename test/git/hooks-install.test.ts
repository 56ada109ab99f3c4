/** Setting the hooks up beside whatever looks after them already. */

import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GIT_HOOKS, hookBlock } from '../../src/core/hook-block.ts';
import {
  equipWorktree,
  hookState,
  installHooks,
  planHooks,
  refreshPrivateHooks,
  writeHookFiles,
} from '../../src/lifecycle/hooks-install.ts';
import { makeRepo, ROOT, run, type TestRepo, tempDir } from '../support/repo.ts';

const paths = async (repo: TestRepo) => (await planHooks(await repo.open())).files.map((file) => file.path);
const scripts = GIT_HOOKS.map((hook) => `.husky/${hook}`);

async function setUp(repo: TestRepo): Promise<void> {
  const open = await repo.open();
  writeHookFiles(open, await planHooks(open));
  await installHooks(open);
}

describe('nothing looks after the hooks', () => {
  test('a plan writes nothing; carried out it is empty, and git ignores what husky keeps', async () => {
    const repo = makeRepo();
    const before = repo.snapshot();
    expect(await paths(repo)).toEqual(scripts);
    expect(await hookState(await repo.open())).toBe('absent');
    expect(repo.snapshot()).toBe(before);
    await setUp(repo);
    expect(await paths(repo)).toEqual([]);
    expect(await hookState(await repo.open())).toBe('active');
    expect(repo.git('config', 'core.hooksPath')).toBe('.husky/_');
    expect(repo.git('status', '--porcelain', '-uall').split('\n').sort()).toEqual(scripts.map((path) => `?? ${path}`).sort());
    await installHooks(await repo.open());
    expect(repo.has('package.json')).toBe(false);
  });

  test('a clone has scripts and no hooks until it is set up', async () => {
    const repo = makeRepo();
    await setUp(repo);
    repo.commit('hooks');
    const dir = join(tempDir(), 'clone');
    await run('git', ['clone', '-q', repo.dir, dir]);
    const clone = Object.assign(Object.create(Object.getPrototypeOf(repo)), { dir }) as TestRepo;
    expect(await hookState(await clone.open())).toBe('inactive');
    // As npm's prepare script does.
    await run(process.execPath, [join(ROOT, 'node_modules/husky/bin.js')], { cwd: dir });
    expect(clone.has('.git/git-session/tool')).toBe(false);
    expect(await hookState(await clone.open())).toBe('active');
    expect(clone.has('.git/git-session/tool')).toBe(true);
    await installHooks(await clone.open());
    expect(await hookState(await clone.open())).toBe('active');
    expect(clone.git('status', '--porcelain')).toBe('');
  });

  test('a project in npm gets husky and its lock file stays whole', async () => {
    const lock = { name: 'x', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': { name: 'x', version: '1.0.0' } } };
    const repo = makeRepo({
      files: { 'package.json': '{\n  "name": "x",\n  "version": "1.0.0"\n}\n', 'package-lock.json': `${JSON.stringify(lock, null, 2)}\n` },
    });
    const plan = await planHooks(await repo.open());
    expect(plan.files.map((file) => file.path)).toEqual([...scripts, 'package.json', 'package-lock.json']);
    expect(plan.notes).toEqual([]);
    await setUp(repo);
    expect(JSON.parse(repo.read('package.json'))).toMatchObject({
      scripts: { prepare: 'husky || true' },
      devDependencies: { husky: '^9.1.7' },
    });
    repo.write('yarn.lock', '');
    rmSync(join(repo.dir, 'package-lock.json'));
    repo.write('package.json', '{}');
    expect((await planHooks(await repo.open())).notes).toEqual([expect.stringContaining('yarn.lock')]);
  });

  test('a plan can be made of another tree than the checked-out one', async () => {
    const repo = makeRepo();
    const plan = await planHooks(await repo.open(), async (path) => (path === '.husky/pre-commit' ? 'npm test\n' : null));
    expect(plan.files[0]).toEqual({ path: '.husky/pre-commit', before: 'npm test\n', after: `${hookBlock('pre-commit')}npm test\n` });
  });
});

test('husky is there: its scripts go on running after ours, with mode and text kept', async () => {
  const repo = makeRepo({ files: { 'package.json': '{"devDependencies":{"husky":"^9.0.0"},"scripts":{"prepare":"husky"}}\n' } });
  repo.write('.husky/pre-commit', '#!/bin/sh\necho theirs >>ran.txt\nexec true\n');
  chmodSync(join(repo.dir, '.husky/pre-commit'), 0o755);
  repo.commit('their hook');
  expect((await planHooks(await repo.open())).manager).toBe('husky');
  await setUp(repo);
  expect(repo.git('diff', '--name-only')).toBe('.husky/pre-commit');
  expect(repo.git('diff', '--summary')).toBe('');
  repo.git('commit', '-q', '--allow-empty', '-m', 'x');
  expect(repo.read('ran.txt')).toBe('theirs\n');
});

describe('another manager is left alone, and told what to add', () => {
  const line = 'git-session/hooks/run"';
  test.each([
    ['lefthook', { 'lefthook.yml': 'pre-commit: {}\n' }, [], line],
    ['pre-commit', { '.pre-commit-config.yaml': 'repos: []\n' }, [], line],
    ['hooks-path', { 'hooks/pre-push': '#!/bin/sh\n' }, ['config', 'core.hooksPath', 'hooks'], '# >>> git-session >>>'],
  ])('%s', async (manager, files, command, next) => {
    const repo = makeRepo({ files });
    if (command.length > 0) repo.git(...command);
    const before = repo.snapshot();
    const open = await repo.open();
    const plan = await planHooks(open);
    expect(plan).toMatchObject({ manager, files: [], activate: false });
    expect(plan.refusal?.next).toContain(next);
    await expect(installHooks(open)).rejects.toMatchObject({ kind: 'state' });
    expect(await hookState(open)).toBe('foreign');
    expect(repo.snapshot()).toBe(before);
    expect(existsSync(join(repo.dir, '.git/git-session'))).toBe(false);
  });

  test('scripts in the git dir; with the block in them they are ours as well', async () => {
    const repo = makeRepo();
    const path = join(repo.dir, '.git/hooks/pre-commit');
    writeFileSync(path, '#!/bin/sh\ntrue\n');
    chmodSync(path, 0o755);
    const open = await repo.open();
    expect((await planHooks(open)).refusal?.why).toContain('pre-commit');
    writeFileSync(path, `#!/bin/sh\n${hookBlock('pre-commit')}true\n`);
    expect(await planHooks(open)).toMatchObject({ manager: 'scripts', refusal: null, activate: false });
    await installHooks(open);
    expect(await hookState(open)).toBe('active');
    expect(repo.git('config', '--get', '--default', 'none', 'core.hooksPath')).toBe('none');
    repo.git('switch', '-q', '-c', 'session/20251117-143022-auth-system');
    const prepare = join(repo.dir, '.git/hooks/prepare-commit-msg');
    writeFileSync(prepare, '#!/bin/sh\nsh "$(git rev-parse --git-common-dir)/git-session/hooks/run" prepare-commit-msg "$@"\n');
    chmodSync(prepare, 0o755);
    repo.git('commit', '-q', '--allow-empty', '-m', 'x');
    expect(repo.git('log', '-1', '--format=%(trailers)').trim()).toBe('Session-Id: session-20251117-143022-auth-system');
  });
});

test('private copies follow the tool, and are written only where they differ', async () => {
  const repo = makeRepo();
  const open = await repo.open();
  refreshPrivateHooks(open);
  expect(repo.read('.git/git-session/tool').split('\n')[0]).toBe(process.execPath);
  expect(repo.read('.git/git-session/prefix')).toBe('session/\n');
  repo.write('.git/git-session/hooks/pre-commit', 'old');
  const link = join(repo.dir, '.git/git-session/hooks/commit-msg');
  const text = repo.read('.git/git-session/hooks/commit-msg');
  rmSync(link);
  writeFileSync(join(repo.dir, 'same'), text);
  symlinkSync(join(repo.dir, 'same'), link);
  refreshPrivateHooks(open);
  expect(repo.read('.git/git-session/hooks/pre-commit')).toContain('git_session_inside');
  expect((await run('test', ['-L', link])).code).toBe(0);
});

test('a worktree made without a checkout is equipped by hand', async () => {
  const repo = makeRepo();
  await setUp(repo);
  repo.commit('hooks');
  const path = join(tempDir(), 'linked');
  repo.git('-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '-q', path);
  expect(existsSync(join(path, '.husky/_'))).toBe(false);
  await equipWorktree(await repo.open(), path);
  expect(existsSync(join(path, '.husky/_/h'))).toBe(true);
  const plain = makeRepo();
  await equipWorktree(await plain.open(), plain.dir);
  expect(plain.has('.husky')).toBe(false);
});

/** Setting the hooks up beside whatever looks after them already. */

import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GIT_HOOKS, hookBlock } from '../../src/core/hooks/hook-block.ts';
import { withoutSimpleHooks } from '../../src/core/hooks/hook-call.ts';
import { withoutYamlBlocks } from '../../src/core/text/yaml-block.ts';
import {
  equipWorktree,
  hookState,
  installHooks,
  planHooks,
  refreshPrivateHooks,
  writeHookFiles,
} from '../../src/lifecycle/hooks/install.ts';
import { installedTypes, lefthookYaml, preCommitYaml } from '../../src/lifecycle/hooks/yaml.ts';
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
    repo.commit('hooks', { '.sessionrc.yaml': 'version: 1\n' });
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

describe('what we cannot write into without guessing is left alone, and told what to add', () => {
  test.each([
    ['lefthook', { 'lefthook.yml': 'pre-commit: {}\n' }, 'git-session/hooks/run"; [ ! -f "$f" ]'],
    ['lefthook', { 'lefthook.toml': '[pre-commit]\n' }, 'git-session/hooks/run"'],
    ['pre-commit', { '.pre-commit-config.yaml': 'repos: []\n' }, "sh -c 'f="],
    ['simple-git-hooks', { '.simple-git-hooks.cjs': 'module.exports = {};\n' }, '|| exit $?'],
    ['hooks-path', {}, '# >>> git-session >>>'],
  ])('%s', async (manager, files, next) => {
    const repo = makeRepo({ files });
    if (manager === 'hooks-path') repo.git('config', 'core.hooksPath', tempDir());
    const before = repo.snapshot();
    const open = await repo.open();
    const plan = await planHooks(open);
    expect(plan).toMatchObject({ manager, files: [], scripts: [], activate: null });
    expect(plan.refusal?.next).toContain(next);
    await expect(installHooks(open)).rejects.toMatchObject({ kind: 'state' });
    expect(await hookState(open)).toBe('foreign');
    expect(repo.snapshot()).toBe(before);
    expect(existsSync(join(repo.dir, '.git/git-session'))).toBe(false);
  });

  test('once a person has followed it, nothing is left to do', async () => {
    const call = 'f="$(git rev-parse --git-common-dir)/git-session/hooks/run"; [ ! -f "$f" ] || sh "$f" pre-commit';
    const repo = makeRepo({ files: { 'lefthook.toml': `[pre-commit.commands.git-session]\nrun = '''${call}'''\n` } });
    expect(await planHooks(await repo.open())).toMatchObject({ refusal: null, files: [] });
    await installHooks(await repo.open());
    expect(await hookState(await repo.open())).toBe('active');
  });
});

/** Writes a hook script that says its name, its arguments and its input, and then ends as it is told. */
function theirs(repo: TestRepo, path: string, code = 0): void {
  repo.write(path, `#!/bin/sh\necho "${path.split('/').at(-1)} $#" >>ran.txt\nexec sh -c 'cat >>ran.txt; exit ${code}'\n`);
  chmodSync(join(repo.dir, path), 0o755);
}

describe('scripts that a person wrote', () => {
  test.each([
    ['scripts', '.git/hooks', []],
    ['hooks-path', 'tools/hooks', ['config', 'core.hooksPath', 'tools/hooks']],
  ])('%s: the block comes first; arguments, input, exit code and mode stay', async (manager, folder, command) => {
    const repo = makeRepo({ files: { '.gitignore': 'ran.txt\n' } });
    theirs(repo, `${folder}/pre-commit`);
    theirs(repo, `${folder}/pre-push`);
    writeFileSync(join(repo.dir, folder, 'post-merge'), '#!/usr/bin/env python3\nopen("py.txt", "w")\n');
    chmodSync(join(repo.dir, folder, 'post-merge'), 0o755);
    repo.git('add', '-A');
    if (manager === 'hooks-path') repo.git('commit', '-q', '-m', 'hooks');
    if (command.length > 0) repo.git(...command);
    const plan = await planHooks(await repo.open());
    expect(plan).toMatchObject({ manager, refusal: null, activate: null });
    expect(plan.notes).toEqual([expect.stringContaining('post-merge is no shell script (#!/usr/bin/env python3)')]);
    const changed = [...plan.files, ...plan.scripts].map(({ path }) => path.split('/').at(-1));
    expect(changed.sort()).toEqual(GIT_HOOKS.filter((hook) => hook !== 'post-merge').sort());
    expect(manager === 'scripts' ? plan.files : plan.scripts).toEqual([]);
    await setUp(repo);
    expect(await hookState(await repo.open())).toBe('active');
    expect(await planHooks(await repo.open())).toMatchObject({ files: [], scripts: [] });
    repo.git('switch', '-q', '-c', 'session/20251117-143022-auth-system');
    repo.git('commit', '-q', '--allow-empty', '-m', 'x');
    expect(repo.git('log', '-1', '--format=%(trailers)').trim()).toBe('Session-Id: session-20251117-143022-auth-system');
    repo.git('init', '-q', '--bare', '../remote.git');
    repo.git('push', '-q', '../remote.git', 'HEAD');
    expect(repo.read('ran.txt')).toMatch(/^pre-commit 0\npre-push 2\nHEAD [0-9a-f]+ refs\/heads\/session/);
    const path = `${folder}/pre-commit`;
    writeFileSync(join(repo.dir, path), repo.read(path).replace('exit 0', 'exit 7'));
    expect((await run('git', ['commit', '-q', '--allow-empty', '-m', 'y'], { cwd: repo.dir })).code).toBe(1);
  });
});

describe('the configuration of managers', () => {
  const LEFTHOOK = [
    '# top',
    'pre-commit:',
    '  parallel: true   # fast',
    '  # the linter',
    '  commands:',
    '    # first',
    '    lint: { run: npm run lint }',
    'commit-msg:',
    '    jobs:',
    '      - run: x',
    'pre-push:',
    'post-merge:',
    '  scripts:',
    '    a.sh: {runner: bash}',
    '',
  ].join('\n');

  test('lefthook: our command beside theirs in each hook, every other byte kept, and twice is once', () => {
    const after = lefthookYaml(LEFTHOOK) ?? '';
    expect(lefthookYaml(after)).toBe(after);
    expect(withoutYamlBlocks(after)).toBe(LEFTHOOK);
    const read = parse(after);
    expect(Object.keys(read['pre-commit'].commands)).toEqual(['git-session', 'lint']);
    expect(read['commit-msg'].jobs.map((job: { name?: string }) => job.name)).toEqual(['git-session', undefined]);
    expect(read['pre-push'].commands['git-session'].run).toContain('sh "$f" pre-push');
    expect(read['post-merge']).toMatchObject({ commands: { 'git-session': {} }, scripts: { 'a.sh': { runner: 'bash' } } });
    const crlf = LEFTHOOK.replaceAll('\n', '\r\n');
    expect(withoutYamlBlocks(lefthookYaml(crlf) ?? '')).toBe(crlf);
    expect(lefthookYaml(crlf)?.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('pre-commit: a repository of ours in front, comments kept with what they stand at', () => {
    const text = 'default_install_hook_types: [pre-commit, commit-msg]\nrepos:\n  # black\n  - repo: https://x\n    hooks: [{id: a}]\n';
    const after = preCommitYaml(text, installedTypes(text), 'old') ?? '';
    expect(preCommitYaml(after, installedTypes(after), 'old')).toBe(after);
    expect(withoutYamlBlocks(after)).toBe(text);
    expect(after).toContain('# git-session: end\n  # black\n  - repo');
    expect(parse(after).repos[0].hooks).toMatchObject([
      { id: 'git-session-pre-commit', stages: ['commit'], always_run: true, pass_filenames: false },
      { id: 'git-session-commit-msg', stages: ['commit-msg'], pass_filenames: true },
    ]);
    expect(preCommitYaml(text, ['pre-push'], 'new')).toContain('stages: [pre-push]');
  });

  test('simple-git-hooks: our call in front of each command, and out again', async () => {
    const text = '{\n  "simple-git-hooks": { "pre-commit": "npx lint-staged", "preserveUnused": true }\n}\n';
    const repo = makeRepo({ files: { 'package.json': text } });
    const { files, activate } = await planHooks(await repo.open());
    expect(activate).toBe('simple-git-hooks');
    const after = files[0]?.after ?? '';
    expect(JSON.parse(after)['simple-git-hooks']['pre-commit']).toMatch(/ pre-commit "\$@" \|\| exit \$\?; npx lint-staged$/);
    expect(withoutSimpleHooks(after, ['simple-git-hooks'])).toBe(text);
    repo.commit('hooks', { 'package.json': after });
    await expect(installHooks(await repo.open())).rejects.toThrow(/not installed here/);
    expect(await hookState(await repo.open())).toBe('inactive');
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

/** Commits without an index, blob ids of the working tree, branches under compare-and-swap, and porcelain reads with a hostile environment. */

import { mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { buildCommit, committerIdent } from '../../src/git/build-commit.ts';
import { hashFiles } from '../../src/git/hash.ts';
import { firstParentChanges } from '../../src/git/path-history.ts';
import { readStatus, readWorktrees } from '../../src/git/porcelain.ts';
import { quoted } from '../../src/git/quote.ts';
import { listRefs, moveRefs } from '../../src/git/refs.ts';
import { createBranch, dropRef, operationInProgress, pathsInTheWay, switchTo } from '../../src/git/switch.ts';
import { makeRepo, run, TestRepo, tempDir } from '../support/repo.ts';

const ODD = [
  'a b',
  ' lead',
  'trail ',
  '"quoted"',
  'back\\slash',
  'tab\there',
  'new\nline',
  'ünï',
  '-dash',
  '__proto__',
  'a/b/c',
  '*.js',
  '\u007f',
];

describe('a commit built by fast-import', () => {
  test.each(['sha1', 'sha256'] as const)(
    'holds odd names and contents as they are, moves no ref and leaves no scratch (%s)',
    async (objectFormat) => {
      const repo = makeRepo({ objectFormat, files: { 'old.txt': 'old\n', 'kept.txt': 'kept\n' } });
      const opened = await repo.open();
      const refs = repo.git('for-each-ref');
      const parent = repo.git('rev-parse', 'HEAD');
      const kept = repo.git('rev-parse', 'HEAD:kept.txt');
      const commit = await buildCommit(opened, {
        parent,
        files: [
          ...ODD.map((path, i) => ({ path, content: `${path}\0${i}\nü` })),
          { path: 'old.txt', content: null },
          { path: 'run.sh', oid: kept, mode: '100755' as const },
          { path: 'kept.txt', oid: null },
        ],
        message: 'subject\n\nbody with data 5\nfrom nowhere\n',
        ident: await committerIdent(opened),
      });
      const names = repo.git('ls-tree', '-r', '-z', '--name-only', commit).split('\0').filter(Boolean);
      expect(names.sort()).toEqual([...ODD, 'README.md', 'run.sh'].sort());
      for (const [i, path] of ODD.entries()) expect(repo.git('show', `${commit}:${path}`)).toBe(`${path}\0${i}\nü`);
      expect(repo.git('ls-tree', commit, 'run.sh')).toContain('100755');
      expect(repo.git('log', '-1', '--format=%P|%an <%ae>|%B', commit)).toBe(
        `${parent}|Dana Dev <dana@example.com>|subject\n\nbody with data 5\nfrom nowhere\n`,
      );
      expect(repo.git('for-each-ref')).toBe(refs);
      expect(repo.git('status', '--porcelain')).toBe('');
    },
  );

  test('that fails leaves nothing behind', async () => {
    const repo = makeRepo();
    const opened = await repo.open();
    const draft = { parent: '1'.repeat(40), files: [], message: 'x\n', ident: await committerIdent(opened) };
    await expect(buildCommit(opened, draft)).rejects.toThrow(/fast-import/);
    expect(readdirSync(join(repo.dir, '.git')).filter((name) => name.startsWith('fast_import'))).toEqual([]);
    expect(repo.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  test('without an identity it says how to give one', async () => {
    const repo = makeRepo();
    repo.git('config', 'user.name', '');
    await expect(committerIdent(await repo.open())).rejects.toMatchObject({ next: expect.stringContaining('git config user.email') });
  });

  test('quoting leaves plain names alone', () => {
    expect([quoted('a/b.txt'), quoted('a b'), quoted('a\nb'), quoted('"')]).toEqual(['a/b.txt', 'a b', '"a\\012b"', '"\\""']);
  });
});

test('blob ids are those that git would add: filters, links, odd names; null for what cannot be read', async () => {
  const repo = makeRepo({ files: { '.gitattributes': '*.crlf text eol=crlf\n' } });
  const opened = await repo.open();
  const paths = [...ODD.filter((path) => path !== 'a/b/c'), 'x.crlf'];
  for (const path of paths) repo.write(path, `${path}\r\n`);
  symlinkSync('../else where', join(repo.dir, 'link'));
  mkdirSync(join(repo.dir, 'folder'));
  const all = ['gone', ...paths, 'link', 'folder', 'also gone'];
  const ids = await hashFiles(opened, all);
  repo.git('add', '-A');
  const index = new Map(
    repo
      .git('ls-files', '-s', '-z')
      .split('\0')
      .filter(Boolean)
      .map((row) => [row.slice(row.indexOf('\t') + 1), row.split(' ')[1] ?? '']),
  );
  expect(ids).toEqual(all.map((path) => index.get(path) ?? null));
  expect(ids.filter((id) => id === null)).toHaveLength(3);
});

describe('branches', () => {
  test('of many who create one at once, one does', async () => {
    const repo = makeRepo();
    const opened = await repo.open();
    const commit = repo.git('rev-parse', 'HEAD');
    const made = await Promise.all(Array.from({ length: 8 }, () => createBranch(opened, 'session/x', commit, 'test')));
    expect(made.filter((one) => one === 'created')).toHaveLength(1);
    await expect(createBranch(opened, 'session', commit, 'test')).rejects.toThrow(/session/);
    expect(await dropRef(opened, 'refs/heads/session/x', '1'.repeat(40))).toBe(false);
    expect(await dropRef(opened, 'refs/heads/session/x', commit)).toBe(true);
  });

  test('several refs move together or not at all', async () => {
    const repo = makeRepo();
    const opened = await repo.open();
    const tip = repo.git('rev-parse', 'HEAD');
    repo.git('branch', 'one');
    const moves = (from: string) => [
      { ref: 'refs/git-session/trash/x', from: null, to: tip },
      { ref: 'refs/heads/one', from, to: null },
    ];
    const before = repo.git('for-each-ref');
    await expect(moveRefs(opened, moves('2'.repeat(40)), 'test')).rejects.toThrow();
    expect(repo.git('for-each-ref')).toBe(before);
    await moveRefs(opened, moves(tip), 'test');
    expect(repo.git('for-each-ref', '--format=%(refname)')).toBe('refs/git-session/trash/x\nrefs/heads/main');
  });

  test('a switch that git refuses names the files', async () => {
    const repo = makeRepo({ files: { 'x y.txt': '1\n' } });
    repo.git('switch', '-q', '-c', 'other');
    repo.commit('other', { 'x y.txt': '2\n' });
    repo.git('switch', '-q', 'main');
    repo.write('x y.txt', 'mine\n');
    const { moved, said } = await switchTo(await repo.open(), 'other');
    expect([moved, pathsInTheWay(said)]).toEqual([false, ['x y.txt']]);
    expect(await operationInProgress(await repo.open())).toBeNull();
  });

  test('unfinished operations are seen', async () => {
    const repo = makeRepo({ files: { x: '1\n' } });
    repo.git('switch', '-q', '-c', 'other');
    const theirs = repo.commit('other', { x: '2\n' });
    repo.git('switch', '-q', 'main');
    repo.commit('ours', { x: '3\n' });
    const opened = await repo.open();
    for (const [args, name] of [
      [['cherry-pick', theirs], 'cherry-pick'],
      [['merge', 'other'], 'merge'],
      [['rebase', 'other'], 'rebase'],
    ] as const) {
      expect(() => repo.git(...args)).toThrow();
      expect(await operationInProgress(opened)).toBe(name);
      repo.git(args[0], '--abort');
    }
    repo.git('bisect', 'start');
    expect(await operationInProgress(opened)).toBe('bisect');
  });
});

test('what happened to paths is told in UTC, wherever it was committed', async () => {
  const repo = makeRepo();
  repo.write('a.txt', 'a\n');
  repo.git('add', 'a.txt');
  await run('git', ['commit', '-q', '-m', 'elsewhere'], { cwd: repo.dir, env: { GIT_COMMITTER_DATE: '2026-01-02T01:30:00+02:00' } });
  const [change] = await firstParentChanges(await repo.open(), 'HEAD', ['a.txt']);
  expect(change).toMatchObject({ at: '2026-01-01T23:30:00.000Z', subject: 'elsewhere', status: 'A', before: null });
});

describe('porcelain reads', () => {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  });

  async function statusOf(repo: TestRepo) {
    return (await readStatus(await repo.open())).map(({ path, staged, unstaged }) => `${staged}${unstaged} ${path}`).sort();
  }

  test('every kind of change, with odd names', async () => {
    const repo = makeRepo({ files: { 'a b': '1\n', gone: '1\n', 'moved here': 'a long enough text\n', conflict: '1\n' } });
    repo.git('switch', '-q', '-c', 'other');
    repo.commit('other', { conflict: '2\n' });
    repo.git('switch', '-q', 'main');
    repo.commit('ours', { conflict: '3\n' });
    expect(() => repo.git('merge', 'other')).toThrow();
    repo.write('a b', '2\n');
    repo.git('add', 'a b');
    repo.write('a b', '3\n');
    rmSync(join(repo.dir, 'gone'));
    repo.git('mv', 'moved here', 'moved there ');
    repo.write('new\nline ', 'x');
    repo.write('folder/in it', 'x');
    expect(await statusOf(repo)).toEqual(
      ['.D gone', '?? folder/in it', '?? new\nline ', 'A. moved there ', 'D. moved here', 'MM a b', 'UU conflict'].sort(),
    );
  });

  test('configuration of `git -c` and of GIT_CONFIG_GLOBAL counts; another index and git dir do not', async () => {
    const repo = makeRepo();
    repo.write('ignored.log', 'x');
    const ignore = join(tempDir(), 'ignore');
    writeFileSync(ignore, '*.log\n');
    Object.assign(process.env, { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.excludesFile', GIT_CONFIG_VALUE_0: ignore });
    expect(await statusOf(repo)).toEqual([]);
    Object.assign(process.env, { GIT_INDEX_FILE: join(tempDir(), 'other-index'), GIT_EDITOR: 'false', GIT_PREFIX: 'x/' });
    expect(await statusOf(repo)).toEqual([]);
  });

  test('a repository named by GIT_DIR, from anywhere', async () => {
    const repo = makeRepo();
    repo.write('new', 'x');
    Object.assign(process.env, { GIT_DIR: join(repo.dir, '.git'), GIT_WORK_TREE: repo.dir });
    expect(await statusOf(repo)).toEqual(['?? new']);
    expect((await readWorktrees(await repo.open())).map((row) => row.branch)).toEqual(['main']);
  });

  test('the main worktree of a submodule is where its files are, asked there and in a linked one; branches say the same', async () => {
    const [part, above] = [makeRepo(), makeRepo()];
    above.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', part.dir, 'lib');
    const lib = new TestRepo(realpathSync(join(above.dir, 'lib')));
    const linked = join(tempDir(), 'linked');
    lib.git('worktree', 'add', '-q', linked, '-b', 'other');
    for (const dir of [lib.dir, linked]) {
      const there = await new TestRepo(dir).open();
      expect((await readWorktrees(there))[0]?.path).toBe(lib.dir);
      expect((await listRefs(there, ['refs/heads/main']))[0]?.worktree).toBe(lib.dir);
    }
  });

  test('worktrees: linked, detached, gone', async () => {
    const repo = makeRepo();
    const at = tempDir();
    repo.git('worktree', 'add', '-q', join(at, 'one two'), '-b', 'one');
    repo.git('worktree', 'add', '-q', '--detach', join(at, 'loose'));
    repo.git('worktree', 'add', '-q', join(at, 'gone'), '-b', 'gone');
    rmSync(join(at, 'gone'), { recursive: true });
    expect((await readWorktrees(await repo.open())).map(({ branch, prunable }) => [branch, prunable])).toEqual([
      ['main', false],
      ['gone', true],
      [null, false],
      ['one', false],
    ]);
  });
});

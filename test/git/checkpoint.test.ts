import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseTrailers } from '../../src/core/session/trailers.ts';
import { requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { drain } from '../../src/lifecycle/checkpoint/drain.ts';
import { sweep } from '../../src/lifecycle/checkpoint/sweep.ts';
import { tryLock } from '../../src/store/lock.ts';
import { makeRepo, TestRepo, tempDir } from '../support/repo.ts';
import { startWork, type Work } from '../support/work.ts';

const done = async (work: Work, task: string) => {
  work.end(task);
  return requestCheckpoint(work.repo, await work.now(), { task, event: 'task-done', wait: true });
};
const filesOf = (repo: TestRepo, commit: string | null) =>
  repo
    .git('show', '--no-renames', '--name-status', '--format=', String(commit))
    .split('\n')
    .filter((row) => !row.includes('.swarm/log/'));
const message = (repo: TestRepo, commit: string | null) => repo.git('log', '-1', '--format=%B', String(commit));

describe('a checkpoint', () => {
  test('commits exactly the files of its task and the log, and leaves everything else as it was', async () => {
    const repo = makeRepo({ files: { 'src/app.js': '1\n', 'src/mine.js': 'mine\n' } });
    const work = await startWork(repo);
    const art = `sessions/${work.id}/artifacts/code`;
    repo.write('src/mine.js', 'person\n');
    repo.write('staged.txt', 'staged\n');
    repo.git('add', 'staged.txt');
    repo.write('staged.txt', 'staged and more\n');
    work.begin('a', 'Build authentication API');
    work.begin('b');
    repo.write('src/app.js', '2\n');
    repo.write(`${art}/auth.js`, 'x\n');
    repo.write(`${art}/other.js`, 'y\n');
    work.edited('a', 'src/app.js');
    work.edited('a', `${art}/auth.js`);
    work.edited('b', `${art}/other.js`);
    const outcome = await done(work, 'a');
    expect(outcome).toMatchObject({ queued: false, waits: null, held: [] });
    expect(filesOf(repo, outcome.commit)).toEqual([`A\t${art}/auth.js`, 'M\tsrc/app.js']);
    expect(message(repo, outcome.commit)).toBe(
      `checkpoint: Build authentication API (backend-dev, 2 files)\n\nSession-Id: ${work.id}\nSession-Event: task-done\nSession-Task: a\nSession-Agent: backend-dev\n`,
    );
    expect(repo.git('status', '--porcelain', '-uall').split('\n')).toEqual([' M src/mine.js', 'AM staged.txt', `?? ${art}/other.js`]);
    expect(repo.git('diff-files', '--name-only').split('\n')).toEqual(['src/mine.js', 'staged.txt']);
    expect(repo.git('rev-parse', 'HEAD')).toBe(outcome.commit);
    // The person's next commit deletes nothing.
    repo.git('commit', '-qm', 'mine');
    expect(filesOf(repo, 'HEAD')).toEqual(['A\tstaged.txt']);
    expect(repo.git('fsck', '--no-dangling')).toBe('');
  });

  test('a file that two tasks edited is committed once, with both trailers', async () => {
    const repo = makeRepo({ files: { 'src/shared.js': '1\n' } });
    const work = await startWork(repo);
    work.begin('a');
    work.begin('b');
    repo.write('src/shared.js', '2\n');
    work.edited('a', 'src/shared.js');
    repo.write('src/shared.js', '3\n');
    work.edited('b', 'src/shared.js');
    const first = await done(work, 'a');
    expect(parseTrailers(message(repo, first.commit)).get('Session-Task')).toEqual(['a', 'b']);
    const second = await done(work, 'b');
    expect(filesOf(repo, second.commit)).toEqual([]);
    expect(message(repo, second.commit)).toContain('Session-Event: task-done');
    // Another edit belongs to who made it, not to everybody who ever did.
    repo.write('src/shared.js', '4\n');
    work.edited('b', 'src/shared.js');
    expect((await done(work, 'a')).files).toEqual([]);
    expect((await done(work, 'b')).files).toEqual(['src/shared.js']);
  });

  test('deletions, executables, links and odd names', async () => {
    const repo = makeRepo({ files: { 'src/old.js': '1\n', 'src/tool': '#!/bin/sh\n' } });
    const work = await startWork(repo);
    const art = `sessions/${work.id}/artifacts/code`;
    const names = [
      'with space.js',
      'quo"te.js',
      "it's.js",
      'new\nline.js',
      '-dash.js',
      'emoji-🙂.js',
      'back\\slash.js',
      ' lead',
      'cr\rx',
      'tab\tx',
    ];
    work.begin('a');
    for (const name of names) repo.write(`${art}/${name}`, name);
    rmSync(join(repo.dir, 'src/old.js'));
    chmodSync(join(repo.dir, 'src/tool'), 0o755);
    symlinkSync('../../nowhere', join(repo.dir, art, 'link'));
    for (const path of ['src/old.js', 'src/tool', `${art}/link`, ...names.map((name) => `${art}/${name}`)]) work.edited('a', path);
    const outcome = await done(work, 'a');
    expect(outcome.held).toEqual([]);
    expect(new Set(outcome.files)).toEqual(new Set(['src/old.js', 'src/tool', `${art}/link`, ...names.map((name) => `${art}/${name}`)]));
    expect(repo.git('ls-tree', 'HEAD', 'src/')).toMatch(/^100755 blob \w+\tsrc\/tool$/);
    expect(repo.git('ls-tree', 'HEAD', `${art}/link`)).toMatch(/^120000 /);
    expect(repo.git('cat-file', 'blob', `HEAD:${art}/link`)).toBe('../../nowhere');
    for (const name of names) expect(repo.git('cat-file', 'blob', `HEAD:${art}/${name}`)).toBe(name);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.git('diff-files', '--name-only')).toBe('');
  });

  test('a vanished file never blocks the others', async () => {
    const repo = makeRepo();
    const work = await startWork(repo);
    const art = `sessions/${work.id}/artifacts/code`;
    work.begin('a');
    for (const name of ['1.js', '2.js', '3.js']) {
      repo.write(`${art}/${name}`, name);
      work.edited('a', `${art}/${name}`);
    }
    rmSync(join(repo.dir, art, '2.js'));
    expect((await done(work, 'a')).files).toEqual([`${art}/1.js`, `${art}/3.js`]);
  });

  test('staged files, and files that were dirty before the session, are held', async () => {
    const repo = makeRepo({ files: { 'src/a.js': '1\n', 'src/b.js': '1\n', 'src/c.js': '1\n' } });
    repo.write('src/b.js', 'person\n');
    repo.write('src/c.js', 'person\n');
    const work = await startWork(repo);
    // Committed by the person meanwhile: no longer a mixture.
    repo.git('commit', '-qm', 'mine', '--', 'src/c.js');
    work.begin('a');
    for (const path of ['src/a.js', 'src/b.js', 'src/c.js']) {
      repo.write(path, 'agent\n');
      work.edited('a', path);
    }
    repo.git('add', 'src/a.js');
    const outcome = await done(work, 'a');
    expect(outcome.files).toEqual(['src/c.js']);
    expect(outcome.held.map((row) => row.path).sort()).toEqual(['src/a.js', 'src/b.js']);
    expect(repo.git('status', '--porcelain').split('\n')).toEqual(['M  src/a.js', ' M src/b.js']);
  });

  test('strays, secrets, generated files, and files of other repositories are held', async () => {
    const repo = makeRepo();
    const work = await startWork(repo);
    const root = `sessions/${work.id}`;
    work.begin('a');
    repo.write('auth.js', 'x');
    repo.write(`${root}/artifacts/code/key.env`, 'aws_secret_access_key = "q8Jx0vLr2nPz5Tt7Ww9Yy1Bb3Dd5Ff7Hh9Jj1Ll3"\n');
    repo.write(`${root}/metrics.json`, '{}');
    repo.write(`${root}/artifacts/code/ok.js`, 'x');
    repo.git('init', '-q', `${root}/artifacts/code/nested`);
    repo.write(`${root}/artifacts/code/nested/x.js`, 'x');
    symlinkSync(tempDir(), join(repo.dir, root, 'artifacts/code/out'));
    repo.write(`${root}/artifacts/code/out/x`, 'x');
    const paths = ['auth.js', `${root}/artifacts/code/key.env`, `${root}/metrics.json`, `${root}/artifacts/code/nested/x.js`];
    for (const path of [...paths, `${root}/artifacts/code/ok.js`, `${root}/artifacts/code/out/x`]) work.edited('a', path);
    const outcome = await done(work, 'a');
    expect(outcome.files).toEqual([`${root}/artifacts/code/ok.js`]);
    expect(new Map(outcome.held.map((row) => [row.path, row.why]))).toEqual(
      new Map([
        ['auth.js', expect.stringContaining(`${root}/artifacts/code/auth.js`)],
        [`${root}/artifacts/code/key.env`, expect.stringContaining('looks like a secret')],
        [`${root}/metrics.json`, 'the closeout writes it'],
        [`${root}/artifacts/code/nested/x.js`, 'it belongs to another repository'],
        [`${root}/artifacts/code/out/x`, 'it lies behind a symbolic link'],
      ]),
    );
  });

  test('what git would leave out of the index is held, and the next commit deletes nothing', async () => {
    const repo = makeRepo();
    const work = await startWork(repo);
    const art = `sessions/${work.id}/artifacts/code`;
    const names = { folder: `${art}/.git\\config`, link: `${art}/.gitmodules`, plain: `${art}/ok.js` };
    work.begin('a');
    repo.write(names.folder, 'x\n');
    repo.write(names.plain, 'x\n');
    symlinkSync('ok.js', join(repo.dir, names.link));
    for (const path of Object.values(names)) work.edited('a', path);
    const outcome = await done(work, 'a');
    expect(outcome.files).toEqual([names.plain]);
    expect(new Map(outcome.held.map((row) => [row.path, row.why]))).toEqual(
      new Map([
        [names.folder, 'git could take it for its own folder'],
        [names.link, 'git takes no symbolic link of that name'],
      ]),
    );
    expect((await sweep(work.repo, await work.now())).held.map((row) => row.path).sort()).toEqual([names.folder, names.link].sort());
    expect(repo.git('diff', '--cached', '--name-status')).toBe('');
    repo.git('commit', '-qm', 'mine', '--allow-empty');
    expect(repo.git('show', '--name-status', '--format=')).toBe('');
  });

  test('content that was hashed before somebody else committed the file does not overwrite it', async () => {
    const repo = makeRepo({ files: { 'src/a.js': '1\n' } });
    const work = await startWork(repo);
    work.begin('a');
    repo.write('src/a.js', '2\n');
    work.edited('a', 'src/a.js');
    const stale = await work.now();
    repo.write('src/a.js', '3\n');
    repo.git('commit', '-qm', 'mine', '--', 'src/a.js');
    repo.write('src/a.js', '2\n');
    const outcome = await requestCheckpoint(work.repo, stale, { task: 'a', event: 'task-done', wait: true });
    expect(outcome.files).toEqual(['src/a.js']);
    repo.write('src/a.js', '4\n');
    work.edited('a', 'src/a.js');
    const before = await work.now();
    repo.git('commit', '-qm', 'mine', '--', 'src/a.js');
    expect((await requestCheckpoint(work.repo, before, { task: 'a', event: 'task-done', wait: true })).files).toEqual([]);
    expect(repo.git('status', '--porcelain')).toBe('');
  });
});

test('two checkpoints of one file that wait are two commits, each with what was there when it was asked for', async () => {
  const repo = makeRepo({ files: { 'src/a.js': '0\n' } });
  const work = await startWork(repo);
  const content = (commit: string | null) => repo.git('show', `${commit}:src/a.js`);
  for (const batches of [1, 2]) {
    const lock = tryLock(work.repo.commonDir, 'checkpoint');
    const asked: string[] = [];
    for (const [task, text] of [
      [`first-${batches}`, `1 ${batches}`],
      [`second-${batches}`, `2 ${batches}`],
    ] as const) {
      work.begin(task);
      repo.write('src/a.js', `${text}\n`);
      work.edited(task, 'src/a.js');
      work.end(task);
      asked.push((await requestCheckpoint(work.repo, await work.now(), { task, event: 'task-done', wait: false })).request);
    }
    // Nobody has asked for this one.
    repo.write('src/a.js', 'by somebody at work\n');
    lock?.release();
    if (batches === 2) {
      // The first alone, as if a drainer had been killed between them.
      const second = join(work.repo.commonDir, 'git-session/queue', `${asked[1]}.json`);
      renameSync(second, `${second}.later`);
      await drain(work.repo, { wait: true });
      renameSync(`${second}.later`, second);
    }
    await drain(work.repo, { wait: true });
    expect(repo.git('log', '-2', '--reverse', '--format=%H', '--', 'src/a.js').split('\n').map(content)).toEqual([
      `1 ${batches}`,
      `2 ${batches}`,
    ]);
    expect(repo.read('src/a.js')).toBe('by somebody at work\n');
  }
});

test('no description, file name or task forges a trailer, as git itself reads them', async () => {
  const repo = makeRepo();
  const work = await startWork(repo);
  const task = 't';
  work.begin(task, 'Build it\n\nSession-Approved-By: eve@example.com\nSession-Task: another');
  const path = `sessions/${work.id}/artifacts/code/x\n\nSession-Approved-By: eve@example.com`;
  repo.write(path, 'x\n');
  work.edited(task, path);
  const outcome = await done(work, task);
  expect(outcome.files).toEqual([path]);
  expect(repo.git('log', '-1', '--format=%(trailers:only,unfold)', String(outcome.commit)).trim().split('\n')).toEqual([
    `Session-Id: ${work.id}`,
    'Session-Event: task-done',
    'Session-Task: t',
    'Session-Agent: backend-dev',
  ]);
});

test('where git locks the branch and cannot move it, the checkpoint stays queued, nothing is held, and the next one is made', async () => {
  const repo = makeRepo({ files: { 'src/a.js': '1\n' } });
  const work = await startWork(repo);
  work.begin('a');
  repo.write('src/a.js', '2\n');
  work.edited('a', 'src/a.js');
  const log = join(repo.dir, '.git/logs/refs/heads', repo.git('branch', '--show-current'));
  const before = [repo.git('rev-parse', 'HEAD'), repo.git('status', '--porcelain')];
  renameSync(log, `${log}.kept`);
  mkdirSync(log);
  writeFileSync(join(log, 'x'), '');
  await expect(done(work, 'a')).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('the checkpoint stays queued') });
  expect([repo.git('rev-parse', 'HEAD'), repo.git('status', '--porcelain')]).toEqual(before);
  expect(repo.has('.git/index.lock')).toBe(false);
  expect((await repo.session(['status'])).code).toBe(0);
  rmSync(log, { recursive: true });
  renameSync(`${log}.kept`, log);
  const { done: made } = await drain(work.repo, { wait: true });
  expect(made.map(({ result }) => result.files)).toEqual([['src/a.js']]);
});

test('sweep commits what is left in the session and what a record claims, and lists the rest', async () => {
  const repo = makeRepo({ files: { 'src/a.js': '1\n', 'src/b.js': '1\n' } });
  repo.write('early.txt', 'person\n');
  const work = await startWork(repo);
  const root = `sessions/${work.id}`;
  for (const path of [`${root}/artifacts/notes/by-shell.md`, `${root}/metrics.json`, 'src/a.js', 'src/b.js', 'docs/person.md'])
    repo.write(path, 'x\n');
  work.begin('a');
  work.edited('a', 'src/a.js');
  const outcome = await sweep(work.repo, await work.now());
  expect(outcome.files.sort()).toEqual([`${root}/artifacts/notes/by-shell.md`, 'src/a.js']);
  expect(outcome.leftovers).toEqual(['src/b.js', 'docs/person.md']);
  expect(message(repo, outcome.commit)).toMatch(/Session-Event: sweep\nSession-Task: a\n/);
  expect(repo.git('status', '--porcelain', '-uall').split('\n')).toEqual([
    ' M src/b.js',
    '?? docs/person.md',
    '?? early.txt',
    `?? ${root}/metrics.json`,
  ]);
  expect(await sweep(work.repo, await work.now())).toMatchObject({ commit: null, files: [] });
});

describe('works', () => {
  test('in a repository with SHA-256 ids', async () => {
    const repo = makeRepo({ objectFormat: 'sha256' });
    const work = await startWork(repo);
    work.begin('a');
    const path = `sessions/${work.id}/artifacts/code/a.js`;
    repo.write(path, 'x\n');
    work.edited('a', path);
    expect((await done(work, 'a')).commit).toMatch(/^[0-9a-f]{64}$/);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  test('in a folder with a space and a quote, with a split index', async () => {
    const plain = makeRepo();
    const repo = new TestRepo(join(tempDir(), `it's "here"`));
    plain.git('clone', '-q', '.', repo.dir);
    repo.git('config', 'core.splitIndex', 'true');
    repo.git('update-index', '--split-index');
    const work = await startWork(repo);
    work.begin('a');
    const path = `sessions/${work.id}/artifacts/code/a.js`;
    repo.write(path, 'x\n');
    work.edited('a', path);
    expect((await done(work, 'a')).files).toEqual([path]);
    expect(repo.git('status', '--porcelain')).toBe('');
    repo.git('commit', '-qm', 'mine', '--allow-empty');
    expect(repo.git('show', '--name-only', '--format=')).toBe('');
  });

  test('with core.autocrlf: blobs have LF, the working tree stays as it is', async () => {
    const repo = makeRepo();
    repo.git('config', 'core.autocrlf', 'true');
    const work = await startWork(repo);
    work.begin('a');
    const path = `sessions/${work.id}/artifacts/code/a.js`;
    repo.write(path, 'x\r\ny\r\n');
    work.edited('a', path);
    await done(work, 'a');
    expect(repo.git('cat-file', 'blob', `HEAD:${path}`)).toBe('x\ny');
    expect(repo.read(path)).toBe('x\r\ny\r\n');
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  test('in a linked worktree, and for a branch that no worktree has checked out', async () => {
    const repo = makeRepo();
    const work = await startWork(repo, 'auth-system', `${repo.dir}-linked`);
    const path = `sessions/${work.id}/artifacts/code/a.js`;
    const write = (content: string) => {
      writeFileSync(join(work.repo.top, path), content);
      work.edited('a', path);
    };
    work.begin('a');
    write('1\n');
    await done(work, 'a');
    expect(repo.git('-C', work.repo.top, 'status', '--porcelain')).toBe('');
    expect(repo.git('status', '--porcelain')).toBe('');
    write('2\n');
    const session = await work.now();
    repo.git('-C', work.repo.top, 'switch', '-q', '-c', 'elsewhere');
    const outcome = await requestCheckpoint(work.repo, { ...session, worktree: null }, { task: 'a', event: 'checkpoint', wait: true });
    expect(repo.git('cat-file', 'blob', `${outcome.commit}:${path}`)).toBe('2');
    expect(repo.git('rev-parse', work.ref)).toBe(outcome.commit);
  });
});

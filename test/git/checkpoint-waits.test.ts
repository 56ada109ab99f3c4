import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deferReason, drain, requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { commitInEditor } from '../support/editor.ts';
import { hookedRepo } from '../support/hooks.ts';
import { makeRepo, run, type TestRepo } from '../support/repo.ts';
import { startWork, type Work } from '../support/work.ts';

interface Scene {
  repo: TestRepo;
  work: Work;
  path: string;
}

/** A session with one edit of one task, on top of a commit that conflicts with main. */
async function scene({ hooks = false } = {}): Promise<Scene> {
  const files = { 'src/a.js': '1\n' };
  const repo = hooks ? (await hookedRepo(files)).repo : makeRepo({ files });
  const work = await startWork(repo);
  repo.commit('session side', { 'src/a.js': 'session\n' });
  repo.git('switch', '-q', 'main');
  repo.commit('main side', { 'src/a.js': 'main\n' });
  repo.git('switch', '-q', work.ref.replace('refs/heads/', ''));
  const path = `sessions/${work.id}/artifacts/code/a.js`;
  repo.write(path, 'x\n');
  work.begin('a');
  work.edited('a', path);
  return { repo, work, path };
}

const ask = async ({ work }: Scene) => requestCheckpoint(work.repo, await work.now(), { task: 'a', event: 'task-done', wait: true });

/** It stays queued and moves nothing; once `after` has run, the next drain commits it. */
async function waitsUntil(s: Scene, why: string, after: () => void): Promise<void> {
  const session = await s.work.now();
  const before = s.repo.git('rev-parse', s.work.ref);
  const status = s.repo.git('status', '--porcelain');
  const outcome = await requestCheckpoint(s.work.repo, session, { task: 'a', event: 'task-done', wait: true });
  expect(outcome).toMatchObject({ queued: true, waits: why, commit: null, files: [s.path] });
  expect(s.repo.git('rev-parse', s.work.ref)).toBe(before);
  expect(s.repo.git('status', '--porcelain')).toBe(status);
  expect(await deferReason(s.work.repo, s.work.ref)).toBe(why);
  after();
  expect(await deferReason(s.work.repo, s.work.ref)).toBe(null);
  expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0, deferred: [] });
  expect(s.repo.git('cat-file', 'blob', `${s.work.ref}:${s.path}`)).toBe('x');
  expect(s.repo.git('status', '--porcelain')).toBe('');
}

const tryGit = (s: Scene, ...args: string[]) => run('git', args, { cwd: s.repo.dir });

describe('a checkpoint waits', () => {
  test('during a merge', async () => {
    const s = await scene();
    await tryGit(s, 'merge', 'main');
    await waitsUntil(s, 'a merge is in progress', () => {
      s.repo.git('checkout', '--ours', 'src/a.js');
      s.repo.git('commit', '-qam', 'merged');
    });
  });

  test('during a cherry-pick and a revert', async () => {
    const s = await scene();
    await tryGit(s, 'cherry-pick', 'main');
    await waitsUntil(s, 'a cherry-pick is in progress', () => s.repo.git('cherry-pick', '--abort'));
    const r = await scene();
    r.repo.git('rm', '-q', 'src/a.js');
    r.repo.git('commit', '-qm', 'gone');
    await tryGit(r, 'revert', '--no-edit', 'HEAD~1');
    await waitsUntil(r, 'a revert is in progress', () => r.repo.git('revert', '--abort'));
  });

  test('during a rebase of its branch', async () => {
    const s = await scene();
    const session = await s.work.now();
    await tryGit(s, 'rebase', 'main');
    const outcome = await requestCheckpoint(s.work.repo, session, { task: 'a', event: 'task-done', wait: true });
    expect(outcome).toMatchObject({ queued: true, waits: 'a rebase of the branch is in progress' });
    s.repo.git('rebase', '--abort');
    expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0 });
  });

  test('while HEAD is detached', async () => {
    const s = await scene();
    const session = await s.work.now();
    s.repo.git('checkout', '-q', '--detach');
    const outcome = await requestCheckpoint(s.work.repo, session, { task: 'a', event: 'task-done', wait: false });
    expect(outcome).toMatchObject({ queued: true, waits: 'HEAD is detached' });
    s.repo.git('switch', '-q', '-');
    expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0 });
    expect(s.repo.git('status', '--porcelain')).toBe('');
  });

  test("while a person's commit has its editor open, which then succeeds and holds only the person's", async () => {
    const s = await scene({ hooks: true });
    s.repo.write('mine.txt', 'mine\n');
    s.repo.git('add', 'mine.txt');
    const mark = join(s.repo.dir, '.git', 'git-session-committing');
    const first = await commitInEditor(s.repo);
    expect(existsSync(mark)).toBe(true);
    expect(await ask(s)).toMatchObject({ queued: true, waits: 'a commit is being made' });
    expect(await first.finish('')).not.toBe(0);
    // Given up: the mark of a git that has ended means nothing.
    expect(existsSync(mark)).toBe(true);
    expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0 });
    expect(s.repo.git('show', '--name-only', '--format=').split('\n')).toContain(s.path);
    s.repo.write(s.path, 'y\n');
    s.work.edited('a', s.path);
    const second = await commitInEditor(s.repo);
    expect(await ask(s)).toMatchObject({ queued: true, waits: 'a commit is being made' });
    expect(await second.finish('mine')).toBe(0);
    expect(s.repo.git('show', '--name-status', '--format=')).toBe('A\tmine.txt');
    expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0 });
    expect(s.repo.git('cat-file', 'blob', `HEAD:${s.path}`)).toBe('y');
  });

  test('in a hook of a commit that holds the index itself, which goes on at once', async () => {
    const s = await scene();
    const before = process.env.GIT_INDEX_FILE;
    const lock = join(s.repo.dir, '.git', 'index.lock');
    writeFileSync(lock, '');
    try {
      process.env.GIT_INDEX_FILE = lock;
      expect(await ask(s)).toMatchObject({ queued: true, waits: 'a commit is being made' });
    } finally {
      if (before === undefined) delete process.env.GIT_INDEX_FILE;
      rmSync(lock);
    }
    expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0 });
  });

  test('while somebody holds index.lock, and says so without failing', async () => {
    const s = await scene();
    const lock = join(s.repo.dir, '.git', 'index.lock');
    writeFileSync(lock, '');
    const session = await s.work.now();
    const asking = requestCheckpoint(s.work.repo, session, { task: 'a', event: 'task-done', wait: true });
    setTimeout(() => rmSync(lock), 200);
    expect(await asking).toMatchObject({ queued: false, files: [s.path] });
    s.repo.write(s.path, 'y\n');
    s.work.edited('a', s.path);
    s.repo.git('checkout', '-q', '--detach');
    await ask(s).catch(() =>
      requestCheckpoint(s.work.repo, { ...session, tip: s.repo.git('rev-parse', 'HEAD') }, { task: 'a', event: 'task-done', wait: false }),
    );
    s.repo.git('switch', '-q', '-');
    writeFileSync(lock, '');
    const report = await drain(s.work.repo, { wait: false, patienceMs: 50 });
    expect(report).toMatchObject({ left: 1, deferred: [{ why: 'another git process holds index.lock', requests: 1 }] });
    expect(readFileSync(lock, 'utf8')).toBe('');
    rmSync(lock);
    expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0 });
  });
});

test('without hooks, a commit with its editor open fails when a checkpoint comes, and keeps index and message', async () => {
  const s = await scene();
  s.repo.write('mine.txt', 'mine\n');
  s.repo.git('add', 'mine.txt');
  const commit = await commitInEditor(s.repo);
  expect(await ask(s)).toMatchObject({ queued: false, files: [s.path] });
  expect(await commit.finish('mine')).toBe(128);
  expect(s.repo.git('status', '--porcelain')).toBe('A  mine.txt');
  expect(s.repo.read('.git/COMMIT_EDITMSG')).toBe('mine\n');
});

test('what git refuses is put aside and blocks nobody', async () => {
  const s = await scene();
  const { enqueue, requestId } = await import('../../src/store/queue.ts');
  const session = await s.work.now();
  const bad = (id: string, path: string, oid: string) =>
    enqueue(s.work.repo.commonDir, {
      version: 1,
      id,
      session: session.id,
      branch: s.work.ref,
      worktree: s.repo.dir,
      tip: session.tip,
      event: 'checkpoint',
      subject: 'x',
      tasks: [],
      agent: null,
      files: [{ path, oid, mode: '100644', was: null, tasks: [] }],
      at: new Date().toISOString(),
    });
  bad(requestId(1), 'sessions/../../etc/x', '1'.repeat(40));
  bad(requestId(2), 'src/.git/config', '1'.repeat(40));
  bad(requestId(3), 'src/no-such-blob', '1'.repeat(40));
  // Words that git says where the machine fails, and no request is to blame.
  bad(requestId(4), 'src/killed by signal, out of memory', '1'.repeat(40));
  expect(await ask(s)).toMatchObject({ queued: false, files: [s.path] });
  expect(s.repo.git('status', '--porcelain')).toBe('');
  expect(readdirSync(join(s.repo.dir, '.git/git-session/queue/refused'))).toHaveLength(4);
  expect(readdirSync(join(s.repo.dir, '.git')).filter((name) => name.startsWith('fast_import'))).toEqual([]);
  expect(s.repo.git('fsck', '--no-dangling')).toBe('');
});

test('what a newer program asked for stays queued for that one, and blocks nobody', async () => {
  const s = await scene();
  const path = join(s.repo.dir, '.git/git-session/queue/000000001-of-a-newer-one.json');
  mkdirSync(dirname(path), { recursive: true });
  const request = JSON.stringify({ version: 2, id: '000000001-of-a-newer-one', branch: s.work.ref, what: 'unknown' });
  writeFileSync(path, request);
  expect(await ask(s)).toMatchObject({ queued: false, files: [s.path] });
  const report = await drain(s.work.repo, { wait: false });
  expect(report).toMatchObject({
    left: 1,
    refused: [],
    deferred: [{ branch: s.work.ref, why: expect.stringContaining('newer git-session') }],
  });
  expect(readFileSync(path, 'utf8')).toBe(request);
});

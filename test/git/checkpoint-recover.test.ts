import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diffTrees } from '../../src/git/objects.ts';
import { drain, requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { type DrainJournal, scratchFile, writeDrainJournal } from '../../src/store/drain-journal.ts';
import { enqueue, requestId } from '../../src/store/queue.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { startWork, type Work } from '../support/work.ts';

interface Scene {
  repo: TestRepo;
  work: Work;
  path: string;
  gitDir: string;
  /** The branch before the checkpoint, and after. */
  from: string;
  to: string;
  plan: DrainJournal;
}

/** A checkpoint that was committed, put back to how far a drainer had come: `index`, `branch` say what had moved; the request is queued. */
async function killed(at: { branch: boolean; index: boolean }): Promise<Scene> {
  const repo = makeRepo();
  const work = await startWork(repo);
  const { gitDir, commonDir } = work.repo;
  const path = `sessions/${work.id}/artifacts/code/a.js`;
  repo.write(path, 'x\n');
  work.begin('a');
  work.edited('a', path);
  const session = await work.now();
  const from = session.tip;
  copyFileSync(join(gitDir, 'index'), join(gitDir, 'before'));
  const outcome = await requestCheckpoint(work.repo, session, { task: 'a', event: 'task-done', wait: true });
  const to = String(outcome.commit);
  const side = scratchFile(commonDir, 'index');
  copyFileSync(join(gitDir, 'index'), side);
  if (!at.index) copyFileSync(join(gitDir, 'before'), join(gitDir, 'index'));
  if (!at.branch) repo.git('update-ref', work.ref, from);
  const oid = repo.git('rev-parse', `${to}:${path}`);
  const entry = { oid, mode: '100644' as const };
  const id = requestId();
  const common = { session: work.id, branch: work.ref, subject: 'x', tasks: ['a'], agent: null, event: 'task-done' as const };
  enqueue(commonDir, {
    version: 1,
    id,
    ...common,
    worktree: repo.dir,
    tip: from,
    files: [{ path, ...entry, was: null, tasks: ['a'] }],
    at: new Date().toISOString(),
  });
  const file = scratchFile(commonDir, 'lock');
  writeFileSync(file, '');
  linkSync(file, join(gitDir, 'index.lock'));
  const stat = statSync(file, { bigint: true });
  const plan: DrainJournal = {
    version: 1,
    branch: work.ref,
    from,
    isAct: true,
    to,
    checkout: { top: repo.dir, gitDir, lock: `${stat.dev}:${stat.ino}`, side },
    changes: (await diffTrees(work.repo, from, to)).map((change) => ({
      path: change.path,
      before: change.status === 'A' ? null : { oid: change.oldOid, mode: '100644' },
      after: { oid: change.newOid, mode: '100644' },
    })),
    requests: [{ id, result: { commit: to, files: [path], held: [] } }],
    mover: null,
    locking: null,
  };
  return { repo, work, path, gitDir, from, to, plan };
}

/** After the next drain the checkpoint is there, nothing is staged, and the person's next commit deletes nothing. */
async function settled(s: Scene): Promise<void> {
  expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0, deferred: [], refused: [] });
  expect(s.repo.git('cat-file', 'blob', `HEAD:${s.path}`)).toBe('x');
  expect(s.repo.git('log', '--format=%s', `${s.from}..HEAD`).split('\n')).toHaveLength(1);
  expect(s.repo.git('status', '--porcelain')).toBe('');
  s.repo.git('commit', '-qm', 'mine', '--allow-empty');
  expect(s.repo.git('show', '--name-status', '--format=')).toBe('');
  for (const name of ['index.lock', 'HEAD.lock', `${s.work.ref}.lock`]) expect(existsSync(join(s.gitDir, name))).toBe(false);
  const scratch = join(s.gitDir, 'git-session/drain');
  expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([]);
}

test('killed while it only held the index: taken back, and done again', async () => {
  const s = await killed({ branch: false, index: false });
  writeDrainJournal(s.work.repo.commonDir, { ...s.plan, to: null, changes: [], requests: [] });
  await settled(s);
});

test('killed together with its git, which held the branch and HEAD', async () => {
  const s = await killed({ branch: false, index: false });
  const now = Date.now();
  writeDrainJournal(s.work.repo.commonDir, { ...s.plan, locking: { from: now - 5010, to: now - 4990 } });
  writeFileSync(join(s.gitDir, `${s.work.ref}.lock`), `${s.to}\n`);
  writeFileSync(join(s.gitDir, 'HEAD.lock'), '');
  const old = new Date(now - 5000);
  utimesSync(join(s.gitDir, 'HEAD.lock'), old, old);
  await settled(s);
});

test('an empty HEAD.lock that came later is somebody else\u2019s, however old it is: the checkpoint waits', async () => {
  const s = await killed({ branch: false, index: false });
  const now = Date.now();
  writeDrainJournal(s.work.repo.commonDir, { ...s.plan, locking: { from: now - 9000, to: now - 8990 } });
  writeFileSync(join(s.gitDir, 'HEAD.lock'), '');
  utimesSync(join(s.gitDir, 'HEAD.lock'), (now - 5000) / 1000, (now - 5000) / 1000);
  expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 1, refused: [] });
  expect(existsSync(join(s.gitDir, 'HEAD.lock'))).toBe(true);
  rmSync(join(s.gitDir, 'HEAD.lock'));
  await settled(s);
});

test('killed after the branch had moved: the index follows', async () => {
  const s = await killed({ branch: true, index: false });
  writeDrainJournal(s.work.repo.commonDir, s.plan);
  await settled(s);
});

test('killed after both had moved', async () => {
  const s = await killed({ branch: true, index: true });
  writeDrainJournal(s.work.repo.commonDir, s.plan);
  await settled(s);
});

test('killed after the branch had moved, and the person removed index.lock and staged something', async () => {
  const s = await killed({ branch: true, index: false });
  writeDrainJournal(s.work.repo.commonDir, s.plan);
  rmSync(join(s.gitDir, 'index.lock'));
  s.repo.write('mine.txt', 'mine\n');
  s.repo.git('add', 'mine.txt');
  expect(s.repo.git('diff', '--cached', '--name-status')).toContain(`D\t${s.path}`);
  expect(await drain(s.work.repo, { wait: false })).toMatchObject({ left: 0 });
  expect(s.repo.git('diff', '--cached', '--name-status')).toBe('A\tmine.txt');
});

test("somebody else's index.lock and ref locks are left alone", async () => {
  const s = await killed({ branch: false, index: false });
  writeDrainJournal(s.work.repo.commonDir, s.plan);
  rmSync(join(s.gitDir, 'index.lock'));
  writeFileSync(join(s.gitDir, 'index.lock'), 'theirs');
  expect(await drain(s.work.repo, { wait: false, patienceMs: 30 })).toMatchObject({ left: 1 });
  expect(s.repo.read('.git/index.lock')).toBe('theirs');
  rmSync(join(s.gitDir, 'index.lock'));
  await settled(s);
});

test('the index cannot be brought up while somebody holds it: that waits, and fails nobody', async () => {
  const s = await killed({ branch: true, index: false });
  writeDrainJournal(s.work.repo.commonDir, s.plan);
  const lock = join(s.gitDir, 'index.lock');
  rmSync(lock);
  writeFileSync(lock, 'theirs');
  const held = [{ why: 'another git process holds index.lock', requests: 1 }];
  expect(await drain(s.work.repo, { wait: true, patienceMs: 30 })).toMatchObject({ left: 1, deferred: held });
  expect(s.repo.read('.git/index.lock')).toBe('theirs');
  rmSync(lock);
  await settled(s);
});

test('git killed by itself while it moves the branch: status goes on and says so, and the next command settles it', async () => {
  const repo = makeRepo();
  const work = await startWork(repo);
  const path = `sessions/${work.id}/artifacts/code/a.js`;
  repo.write(path, 'x\n');
  work.begin('a');
  work.edited('a', path);
  repo.write('.git/MERGE_HEAD', `${repo.git('rev-parse', 'HEAD')}\n`);
  const asked = await requestCheckpoint(work.repo, await work.now(), { task: 'a', event: 'task-done', wait: true });
  expect(asked.queued).toBe(true);
  rmSync(join(work.repo.gitDir, 'MERGE_HEAD'));
  const hook = join(work.repo.gitDir, 'hooks', 'reference-transaction');
  mkdirSync(join(hook, '..'), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\n[ "$1" = committed ] && grep -q refs/heads/session/ && kill -9 $PPID\nexit 0\n', { mode: 0o755 });
  const status = await repo.session(['status']);
  expect([status.code, status.out + status.err]).toEqual([0, expect.stringContaining('git was ended by SIGKILL while it moved refs')]);
  rmSync(hook);
  await repo.ok(['status']);
  expect(repo.git('show', `HEAD:${path}`)).toBe('x');
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(existsSync(join(work.repo.gitDir, 'index.lock'))).toBe(false);
});

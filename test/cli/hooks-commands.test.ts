import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { schema as postEdit } from '../../src/cli/schemas/hooks-post-edit.ts';
import { schema as postTask } from '../../src/cli/schemas/hooks-post-task.ts';
import { schema as preTask } from '../../src/cli/schemas/hooks-pre-task.ts';
import { schema as sessionEnd } from '../../src/cli/schemas/hooks-session-end.ts';
import { makeRepo, type TestRepo, tempDir } from '../support/repo.ts';
import { record } from '../support/started.ts';

let repo: TestRepo;
let id: string;
let code: string;

beforeEach(async () => {
  repo = makeRepo({ files: { 'src/app.js': '1\n' } });
  const ran = await repo.ok(['start', 'auth-system']);
  id = /session-\d{8}-\d{6}-auth-system/.exec(ran.out)?.[0] ?? '';
  code = `sessions/${id}/artifacts/code`;
});

const hooks = (...args: string[]) => repo.session(['hooks', ...args]);
const log = () => repo.git('log', '-1', '--format=%B');

describe("the description's own lines", () => {
  test('pre-task, post-edit, post-task, session-end', async () => {
    const task = ['--task-id', 'task-auth-api-001'];
    const started = preTask.parse(
      await repo.json(['hooks', 'pre-task', '--description', 'Build authentication API', ...task, '--agent', 'backend-dev']),
    );
    expect(started).toMatchObject({
      session: id,
      task: 'task-auth-api-001',
      agent: 'backend-dev',
      artifacts: { code: `${code}/` },
      patterns: [],
    });
    repo.write(`${code}/auth.js`, 'x\n');
    const edit = postEdit.parse(
      await repo.json(['hooks', 'post-edit', '--file', `${code}/auth.js`, '--memory-key', 'swarm/coder/auth-api-complete']),
    );
    // The only open task, and whoever started it.
    expect(edit).toMatchObject({ path: `${code}/auth.js`, task: 'task-auth-api-001', agent: 'backend-dev', commit: null });
    const stored = JSON.parse((await repo.ok(['memory', 'get', 'swarm/coder/auth-api-complete'])).out);
    expect(stored).toEqual({ path: `${code}/auth.js`, blob: edit.blob, task: 'task-auth-api-001', agent: 'backend-dev' });
    const ended = postTask.parse(await repo.json(['hooks', 'post-task', ...task, '--status', 'completed']));
    expect(ended).toMatchObject({ status: 'completed', queued: false, files: [`${code}/auth.js`], held: [] });
    expect(log()).toContain('checkpoint: Build authentication API (backend-dev, 1 file)\n');
    expect(repo.git('cat-file', 'blob', `HEAD:${code}/auth.js`)).toBe('x');
    repo.write(`sessions/${id}/artifacts/notes/decisions.md`, 'x\n');
    repo.write('junk.txt', 'x\n');
    const end = sessionEnd.parse(await repo.json(['hooks', 'session-end', '--export-metrics', 'true']));
    expect(end.files).toEqual([`sessions/${id}/artifacts/notes/decisions.md`]);
    expect(end.leftovers).toEqual(['junk.txt']);
    expect(end.drafts.map((path) => path.split('/').pop())).toEqual(['session-summary.md', 'metrics.json', 'inventory.json']);
    expect(repo.read(`sessions/${id}/session-summary.md`)).toContain('backend-dev');
    expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD')).not.toContain('session-summary.md');
    // Drafts stay uncommitted, also the second time.
    expect(sessionEnd.parse(await repo.json(['hooks', 'session-end']))).toMatchObject({
      commit: null,
      drafts: [expect.anything(), expect.anything()],
    });
  });
});

test('tasks: made-up ids, the environment, ends without a start, failures', async () => {
  const first = preTask.parse(await repo.json(['hooks', 'pre-task', '--description', 'Write the tests']));
  const second = preTask.parse(await repo.json(['hooks', 'pre-task', '--description', 'Write the tests']));
  expect([first.task, second.task]).toEqual(['task-write-the-tests', 'task-write-the-tests-2']);
  repo.write(`${code}/a.js`, 'x\n');
  // Two are open: without a name the edit belongs to none.
  expect(await repo.json(['hooks', 'post-edit', '--file', `${code}/a.js`])).toMatchObject({ task: null });
  expect(await repo.json(['hooks', 'post-edit', '--file', `${code}/a.js`], { env: { GIT_SESSION_TASK: first.task } })).toMatchObject({
    task: first.task,
  });
  expect((await hooks('post-task')).code).toBe(2);
  const unknown = await hooks('post-task', '--task-id', 'nobody');
  expect(unknown.code).toBe(1);
  expect(unknown.err).toContain('task-write-the-tests, task-write-the-tests-2');
  expect(await repo.json(['hooks', 'post-task', '--task-id', 'late', '--description', 'Came late', '--status', 'failed'])).toMatchObject({
    status: 'failed',
  });
  expect(log()).toContain('checkpoint: Came late');
  expect(await repo.json(['hooks', 'post-task', '--task-id', first.task])).toMatchObject({ files: [`${code}/a.js`] });
  const tip = repo.git('rev-parse', 'HEAD');
  expect(await repo.json(['hooks', 'post-task', '--task-id', first.task])).toMatchObject({ commit: null, files: [] });
  expect(repo.git('rev-parse', 'HEAD')).toBe(tip);
});

test('a file that is held is named with what helps', async () => {
  await repo.ok(['hooks', 'pre-task', '--task-id', 'keys', '--description', 'Write the keys']);
  repo.write(`${code}/key.env`, 'aws_secret_access_key = "q8Jx0vLr2nPz5Tt7Ww9Yy1Bb3Dd5Ff7Hh9Jj1Ll3"\n');
  repo.write('stray.js', 'x\n');
  for (const path of [`${code}/key.env`, 'stray.js']) await repo.ok(['hooks', 'post-edit', '--task-id', 'keys', '--file', path]);
  const ended = await hooks('post-task', '--task-id', 'keys');
  expect(ended.out).toContain(`Not committed: ${code}/key.env: line 1 looks like a secret`);
  expect(ended.err).toContain(
    'next: read the value from the environment or a secret store, then: git session hooks post-task --task-id keys\n',
  );
  expect(ended.err).toContain('next: git session adopt <path> ');
  const { held } = postTask.parse(await repo.json(['hooks', 'post-task', '--task-id', 'keys']));
  expect(held.map(({ path }) => path).sort()).toEqual([`${code}/key.env`, 'stray.js'].sort());
  repo.write(`${code}/key.env`, '# from the environment\n');
  const again = postTask.parse(await repo.json(['hooks', 'post-task', '--task-id', 'keys']));
  expect(again.files).toEqual([`${code}/key.env`]);
});

test('without a name it is a task of the caller, never that of another agent, also the second time', async () => {
  const begin = (what: string, ...agent: string[]) => repo.ok(['hooks', 'pre-task', '--description', what, ...agent]);
  await begin('Write A', '--agent', 'dev');
  await begin('Write B', '--agent', 'ops');
  repo.write(`${code}/a.js`, 'x\n');
  const unclear = await hooks('post-edit', '--file', `${code}/a.js`);
  repo.write(`${code}/b.js`, 'x\n');
  const fresh = ['post-edit', '--file', `${code}/b.js`, '--task-id', 'nosuch'];
  expect((await hooks(...fresh)).err).toContain(
    'note: new task nosuch, of which this clone has no record before; open are: task-write-a, task-write-b\n',
  );
  for (const known of [fresh, ['post-edit', '--file', `${code}/a.js`, '--task-id', 'task-write-a']])
    expect((await hooks(...known)).err).not.toContain('new task');
  await hooks('post-task', '--task-id', 'nosuch', '--status', 'cancelled');
  expect(unclear.err).toContain('2 tasks are open (task-write-a, task-write-b), so it belongs to none. To say which: --task-id <id>');
  expect(await repo.json(['hooks', 'post-edit', '--file', `${code}/a.js`, '--agent', 'dev'])).toMatchObject({ task: 'task-write-a' });
  expect(await repo.json(['hooks', 'post-task', '--agent', 'dev'])).toMatchObject({ task: 'task-write-a', files: [`${code}/a.js`] });
  expect((await hooks('post-task', '--task-id', 'task-write-a')).out).toBe(
    'Task task-write-a: completed already\nNothing was left to commit\n',
  );
  for (const again of [
    ['--agent', 'dev'],
    ['--description', 'Write A'],
  ]) {
    const ran = await hooks('post-task', ...again);
    expect([again, ran.code]).toEqual([again, 2]);
    expect(ran.err).toContain('Open are: task-write-b (ops)');
  }
  expect(await repo.json(['hooks', 'post-task', '--description', 'Write B'])).toMatchObject({ task: 'task-write-b' });
  expect((await hooks('post-task')).err).toContain('No task is open; task-write-b ended last (completed).');
});

test('an agent is told why the session was sent back, until a closeout is prepared', async () => {
  await record(repo, { id }, { kind: 'closeout.rejected', data: { reasons: [{ text: 'no tests', path: 'src/app.js', line: 3 }] } });
  const ran = await repo.ok(['hooks', 'pre-task', '--task-id', 'mend']);
  expect(ran.out).toContain('A person sent this session back, because:\n  src/app.js:3: no tests\n');
  const { sent_back } = preTask.parse(await repo.json(['hooks', 'pre-task', '--task-id', 'mend']));
  expect(sent_back).toEqual([{ text: 'no tests', path: 'src/app.js', line: 3 }]);
  await record(repo, { id }, { kind: 'closeout.prepared', data: { tree: 'x', tip: 'x', digest: 'x' } });
  expect(preTask.parse(await repo.json(['hooks', 'pre-task', '--task-id', 'mend'])).sent_back).toEqual([]);
  // Sent back in another clone, whose log has come here.
  const other = {
    v: 1,
    id: 'zzzz9.0',
    at: '2099-01-01T00:00:00.000Z',
    session: id,
    actor: { kind: 'person', name: 'robin' },
    kind: 'closeout.rejected',
    data: { reasons: [{ text: 'no docs' }] },
  };
  repo.write(`.swarm/log/${id}/otherclone.1.jsonl`, `${JSON.stringify(other)}\n`);
  expect(preTask.parse(await repo.json(['hooks', 'pre-task', '--task-id', 'mend'])).sent_back).toMatchObject([{ text: 'no docs' }]);
});

test('paths that are none of the session are refused with nothing recorded', async () => {
  const outside = tempDir();
  mkdirSync(join(repo.dir, 'src/deep'), { recursive: true });
  symlinkSync(outside, join(repo.dir, 'src/out'));
  const before = repo.read(`.git/git-session/journal/${id}.jsonl`);
  for (const file of ['../x', '/etc/hosts', '.git/config', 'src/out/x', `.swarm/log/${id}/x.1.jsonl`, 'no/such/file', 'src', '']) {
    const ran = await hooks('post-edit', '--file', file);
    expect([file, ran.code]).toEqual([file, file === '' ? 2 : 1]);
  }
  for (const args of [
    ['pre-task'],
    ['post-edit'],
    ['post-edit', '--file', 'src/app.js', '--wat'],
    ['pre-task', '--task-id', 'a\nb'],
    ['post-task', '--task-id', 'x', '--status', 'great'],
  ]) {
    expect([args, (await hooks(...args)).code]).toEqual([args, 2]);
  }
  expect(repo.read(`.git/git-session/journal/${id}.jsonl`)).toBe(before);
});

test('from a subdirectory, through a link inside the tree, and for a deleted file', async () => {
  symlinkSync('src', join(repo.dir, 'lnk'));
  const at = (cwd: string, ...args: string[]) => repo.json(['hooks', 'post-edit', '--task-id', 'a', ...args], { cwd: join(repo.dir, cwd) });
  expect(await at('src', '--file', 'app.js')).toMatchObject({ path: 'src/app.js' });
  expect(await at('.', '--file', 'lnk/app.js')).toMatchObject({ path: 'src/app.js' });
  expect(await at('.', '--file', join(repo.dir, 'src/app.js'))).toMatchObject({ path: 'src/app.js' });
  expect(await at('.', '--file', 'lnk')).toMatchObject({ path: 'lnk', blob: expect.any(String) });
  repo.git('rm', '-q', '--cached', 'src/app.js');
  repo.git('reset', '-q');
  const { rmSync } = await import('node:fs');
  rmSync(join(repo.dir, 'src/app.js'));
  expect(await at('.', '--file', 'src/app.js')).toMatchObject({ path: 'src/app.js', blob: null });
});

test('outside a session they say what to do', async () => {
  repo.git('switch', '-q', 'main');
  for (const args of [
    ['pre-task', '--task-id', 'a'],
    ['post-edit', '--file', 'src/app.js'],
    ['post-task', '--task-id', 'a'],
    ['session-end'],
  ]) {
    const ran = await hooks(...args);
    expect([args[0], ran.code]).toEqual([args[0], 1]);
    expect(ran.err).toContain('git session start');
  }
  // Named, it works from anywhere.
  expect(await repo.json(['hooks', 'pre-task', '--task-id', 'a', '--session', id])).toMatchObject({ session: id });
});

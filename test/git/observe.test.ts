import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldTasks } from '../../src/core/session/tasks.ts';
import { requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { observeCommits } from '../../src/lifecycle/checkpoint/observe.ts';
import { sessionRecords } from '../../src/lifecycle/session/records.ts';
import { readJournal } from '../../src/store/journal.ts';
import { privatePaths } from '../../src/store/paths.ts';
import { makeRepo } from '../support/repo.ts';
import { startWork, type Work } from '../support/work.ts';

const look = async (work: Work) => observeCommits(work.repo, await work.now());
const edits = async (work: Work) =>
  (await sessionRecords(work.repo, await work.now())).records.flatMap((r) => (r.kind === 'file.edited' ? [r] : []));

test('a person or agent who only ever runs git commit gets tasks and edits', async () => {
  const repo = makeRepo({ files: { 'src/a.js': '1\n', 'src/b.js': '1\n' } });
  const work = await startWork(repo);
  repo.commit('Add login\n\nSession-Task: login\nSession-Agent: backend-dev\n', { 'src/a.js': '2\n', 'src/new.js': 'x\n' });
  repo.git('rm', '-q', 'src/b.js');
  repo.git('commit', '-qm', 'Drop b');
  const [drop, commit] = [repo.git('rev-parse', 'HEAD'), repo.git('rev-parse', 'HEAD~1')];
  repo.commit('Finish\n\nSession-Task: login\nSession-Event: task-done\n');
  await look(work);
  const { records } = await sessionRecords(work.repo, await work.now());
  expect(foldTasks(records)).toMatchObject([
    { task: 'login', description: 'Add login', status: 'completed', agent: { type: 'backend-dev' }, files: ['src/a.js', 'src/new.js'] },
  ]);
  const blob = (path: string) => repo.git('rev-parse', `${commit}:${path}`);
  expect((await edits(work)).map(({ actor, data }) => ({ by: `${actor.kind} ${actor.name}`, ...data }))).toEqual([
    { by: 'agent backend-dev', path: 'src/a.js', blob: blob('src/a.js'), task: 'login', via: 'commit', commit },
    { by: 'agent backend-dev', path: 'src/new.js', blob: blob('src/new.js'), task: 'login', via: 'commit', commit },
    { by: 'person Dana Dev', path: 'src/b.js', blob: null, task: null, via: 'commit', commit: drop },
  ]);
  // A second look, and one that forgot how far it was, find nothing new.
  expect(await look(work)).toEqual([]);
  rmSync(join(privatePaths(work.repo.commonDir).cache, 'observed'), { recursive: true });
  expect(await look(work)).toEqual([]);
});

test('what hooks have reported, what base brings, and our own commits are not recorded again', async () => {
  const repo = makeRepo({ files: { 'src/a.js': '1\n' } });
  const work = await startWork(repo);
  work.begin('a');
  const art = `sessions/${work.id}/artifacts/code`;
  repo.write(`${art}/x.js`, 'x\n');
  repo.write('src/a.js', '2\n');
  work.edited('a', `${art}/x.js`);
  work.edited('a', 'src/a.js');
  repo.git('commit', '-qm', 'by the agent', '--', 'src/a.js');
  work.end('a');
  await requestCheckpoint(work.repo, await work.now(), { task: 'a', event: 'task-done', wait: true });
  repo.git('switch', '-q', 'main');
  repo.commit('elsewhere', { 'lib/base.js': 'x\n' });
  repo.git('switch', '-q', '-');
  repo.git('merge', '-q', '--no-edit', 'main');
  const before = (await sessionRecords(work.repo, await work.now())).records.length;
  expect(await look(work)).toEqual([]);
  expect((await sessionRecords(work.repo, await work.now())).records).toHaveLength(before);
});

test('two processes that look at once write records that fold into one', async () => {
  const repo = makeRepo();
  const work = await startWork(repo);
  repo.commit('x\n\nSession-Task: a\nSession-Event: task-done\n', { [`sessions/${work.id}/artifacts/code/a.js`]: 'x\n' });
  const session = await work.now();
  await Promise.all([observeCommits(work.repo, session), observeCommits(work.repo, session)]);
  const written = readJournal(work.repo.commonDir, work.id).records.length;
  const { records } = await sessionRecords(work.repo, session);
  expect(written).toBeGreaterThan(records.length);
  expect(records.map((record) => record.kind)).toEqual(['session.started', 'task.started', 'file.edited', 'task.finished']);
});

test('nothing in a commit forges a task, an agent or a second record', async () => {
  const repo = makeRepo();
  const work = await startWork(repo);
  repo.commit('x\n\nSession-Task: \u202eevil\u0007 name\nSession-Agent: \u001b[31mred\n', { 'README.md': 'y\n' });
  await look(work);
  const [task] = foldTasks((await sessionRecords(work.repo, await work.now())).records);
  expect(task?.task).toBe('\\u{202e}evil^G name');
  expect(task?.agent.name).toBe('^[[31mred');
  expect(readFileSync(privatePaths(work.repo.commonDir).journal(work.id), 'utf8')).not.toContain('\u001b');
});

test('what post-checkout noted becomes records of resuming, once, and the start is none of them', async () => {
  const repo = makeRepo();
  const base = repo.git('rev-parse', 'HEAD');
  const work = await startWork(repo);
  const tip = repo.git('rev-parse', 'HEAD');
  const dir = privatePaths(work.repo.commonDir).resumed;
  mkdirSync(dir, { recursive: true });
  const note = (name: string, from: string, seconds: number) => {
    writeFileSync(join(dir, `${work.id}.${name}`), `${from} ${tip}\n`);
    utimesSync(join(dir, `${work.id}.${name}`), seconds, seconds);
  };
  const now = Math.trunc(Date.now() / 1000);
  note('1', base, now);
  note('2', base, now + 100);
  note('3', '0'.repeat(40), now + 200);
  writeFileSync(join(dir, `${work.id}.4`), 'torn');
  const session = await work.now();
  await Promise.all([observeCommits(work.repo, session), observeCommits(work.repo, session)]);
  const { records } = await sessionRecords(work.repo, session);
  expect(records.flatMap((r) => (r.kind === 'session.resumed' ? [[r.at, r.data.from]] : []))).toEqual([
    [new Date((now + 100) * 1000).toISOString(), base],
    [new Date((now + 200) * 1000).toISOString(), null],
  ]);
  expect(readdirSync(dir)).toEqual([`${work.id}.4`]);
  expect(await look(work)).toEqual([]);
});

/** Two tasks edit one file: the commit names both agents, and `why` tells their lines apart or says that it cannot. */

import { beforeEach, expect, test } from 'vitest';
import { schema as postTask } from '../../src/cli/schemas/hooks-post-task.ts';
import { schema as whySchema } from '../../src/cli/schemas/why.ts';
import { readContent } from '../../src/closeout/prepare/facts.ts';
import { currentSession } from '../../src/lifecycle/session/session.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';

let repo: TestRepo;

beforeEach(async () => {
  repo = makeRepo({ files: { 'src/app.js': 'one\n' } });
  await repo.ok(['start', 'auth-system']);
  await begin('p1', 'alice');
  await begin('p2', 'bob');
});

const begin = (task: string, agent: string) =>
  repo.ok(['hooks', 'pre-task', '--description', `Do ${task}`, '--task-id', task, '--agent', agent]);
const edit = (task: string, content: string) => {
  repo.write('src/app.js', content);
  return repo.ok(['hooks', 'post-edit', '--file', 'src/app.js', '--task-id', task]);
};
const end = (task: string) => ['hooks', 'post-task', '--task-id', task];
const why = async (line: number) => {
  const { origins } = whySchema.parse(await repo.json(['why', `src/app.js:${line}`]));
  const session = origins[0]?.session;
  return session && { task: session.task?.task ?? null, agent: session.agent?.name ?? null, shared: session.shared_by };
};

test('the commit names every agent, each line its own, and the second task where its edit went', async () => {
  await edit('p1', 'one\nby alice\n');
  await edit('p2', 'one\nby alice\nby bob\n');
  const first = postTask.parse(await repo.json(end('p1')));
  expect(first).toMatchObject({ files: ['src/app.js'], shared: [] });
  const message = repo.git('log', '-1', '--format=%B');
  expect(message.match(/^Session-(?:Task|Agent): .*$/gm)).toEqual([
    'Session-Task: p1',
    'Session-Task: p2',
    'Session-Agent: alice',
    'Session-Agent: bob',
  ]);
  expect(await why(2)).toEqual({ task: 'p1', agent: 'alice', shared: [] });
  expect(await why(3)).toEqual({ task: 'p2', agent: 'bob', shared: [] });
  const second = await repo.ok(end('p2'));
  expect(second.out).toContain(`Its edit of src/app.js is in ${first.commit?.slice(0, 10)}, with p1`);
  expect(second.out).not.toContain('0 files');
  expect(repo.git('log', '-1', '--format=%s')).toBe('checkpoint: Do p2 (bob)');
});

test('where one recorded content holds both edits, the line is shared', async () => {
  repo.write('src/app.js', 'one\nby alice\nby bob\n');
  await repo.ok(['hooks', 'post-edit', '--file', 'src/app.js', '--task-id', 'p1']);
  await repo.ok(['hooks', 'post-edit', '--file', 'src/app.js', '--task-id', 'p2']);
  await repo.ok(end('p1'));
  const shared = [
    { task: 'p1', description: 'Do p1', agent: 'alice' },
    { task: 'p2', description: 'Do p2', agent: 'bob' },
  ];
  expect(await why(2)).toEqual({ task: null, agent: null, shared });
  expect((await repo.ok(['why', 'src/app.js:2'])).out).toContain('shared by p1 (alice) and p2 (bob)');
  expect((await repo.ok(['why', 'src/app.js'])).out).toContain('shared by p1 (alice) and p2 (bob)');
  const second = postTask.parse(await repo.json(end('p2')));
  expect(second.shared).toEqual([{ path: 'src/app.js', commit: expect.stringMatching(/^[0-9a-f]{40}$/), with: ['p1'] }]);
});

test('a line that an earlier content holds already proves nothing', async () => {
  await edit('p1', 'one\n}\n');
  await edit('p2', 'one\n}\n}\n');
  await repo.ok(end('p1'));
  expect((await why(3))?.shared.map(({ task }) => task)).toEqual(['p1', 'p2']);
});

test('the review credits everyone who worked on a file', async () => {
  await edit('p1', 'one\nby alice\n');
  await edit('p2', 'two\nby bob\n');
  await repo.ok(end('p1'));
  const session = await currentSession(await repo.open());
  if (!session) throw new Error('no session');
  const { facts } = await readContent(await repo.open(), {
    ...{ session, mergeBase: repo.git('rev-parse', 'main'), landsOn: repo.git('rev-parse', 'main') },
    ...{ base: 'main', checks: [], closedAt: new Date().toISOString() },
  });
  expect(facts.workspace).toMatchObject([{ path: 'src/app.js', actor: { name: 'bob' }, authors: ['alice', 'bob'] }]);
});

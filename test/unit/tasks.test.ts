import { expect, test } from 'vitest';
import type { AnyRecord } from '../../src/core/log/record.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { foldTasks, tasksWithoutAgent } from '../../src/core/session/tasks.ts';

let n = 0;
function record(kind: string, data: object, name = 'backend-dev'): AnyRecord {
  n++;
  return {
    v: 1,
    id: `r${n}`,
    at: new Date(1_800_000_000_000 + n).toISOString(),
    session: 'session-20261122-120000-auth' as SessionId,
    actor: { kind: 'agent', name },
    kind,
    data,
  } as AnyRecord;
}

test('start, edits, end', () => {
  const records = [
    record('task.started', { task: 'a', description: 'Build it', agent_type: 'backend-dev' }),
    record('file.edited', { path: 'x', blob: '1', task: 'a', via: 'hook' }),
    record('file.edited', { path: 'y', blob: '1', task: null, via: 'hook' }),
    record('file.edited', { path: 'x', blob: '2', task: 'a', via: 'hook' }),
    record('task.finished', { task: 'a', status: 'failed', note: 'no key', tokens: 12 }),
  ];
  expect(foldTasks(records)).toEqual([
    {
      task: 'a',
      description: 'Build it',
      agent: { type: 'backend-dev', name: 'backend-dev', id: null },
      status: 'failed',
      started_at: records[0]?.at,
      finished_at: records[4]?.at,
      files: ['x'],
      edits: 2,
      model: null,
      tokens: 12,
      tool_calls: null,
      note: 'no key',
    },
  ]);
});

test('a later start opens it again and keeps the first time', () => {
  const records = [
    record('task.started', { task: 'a', description: 'Build it', agent_type: 'dev' }),
    record('task.finished', { task: 'a', status: 'completed' }),
    record('task.started', { task: 'a', description: null, agent_type: null }),
  ];
  expect(foldTasks(records)).toMatchObject([
    { status: 'open', description: 'Build it', agent: { type: 'dev' }, started_at: records[0]?.at, finished_at: null },
  ]);
});

test('an edit or an end without a start makes the task known', () => {
  expect(
    foldTasks([
      record('file.edited', { path: 'x', blob: null, task: 'a', via: 'commit' }),
      record('task.finished', { task: 'b', status: 'cancelled' }),
    ]),
  ).toMatchObject([
    { task: 'a', status: 'open', description: null, agent: { type: 'backend-dev' } },
    { task: 'b', status: 'cancelled' },
  ]);
});

test('a task that a person opened is no agent\u2019s, unless an agent was named or opened it again', () => {
  const by = (kind: 'person' | 'tool', task: string, type: string | null = null): AnyRecord =>
    ({ ...record('task.started', { task, description: null, agent_type: type }), actor: { kind, name: 'dana' } }) as AnyRecord;
  const records = [
    by('person', 'mine'),
    by('person', 'named', 'tester'),
    by('person', 'taken'),
    record('task.started', { task: 'taken', description: null, agent_type: null }),
    {
      ...record('file.edited', { path: 'x', blob: '1', task: 'swept', via: 'sweep' }),
      actor: { kind: 'tool', name: 'git-session' },
    } as AnyRecord,
  ];
  expect([...tasksWithoutAgent(records, foldTasks(records))]).toEqual(['mine', 'swept']);
});

test('a file that was moved counts once, where it went, in every task that edited it', () => {
  const tasks = foldTasks([
    record('file.edited', { path: 'x.js', blob: '1', task: 'a', via: 'hook' }),
    record('file.edited', { path: 'x.js', blob: '2', task: 'b', via: 'hook' }),
    record('file.edited', { path: 'x.js', blob: null, task: 'a', via: 'adopt' }),
    record('file.edited', { path: 'code/x.js', blob: '2', task: 'a', via: 'adopt', from: 'x.js' }),
    record('file.edited', { path: 'x.js', blob: '3', task: 'b', via: 'hook' }),
    record('file.edited', { path: 'src/x.js', blob: '2', task: null, via: 'promote', from: 'code/x.js' }),
  ]);
  expect(tasks.map(({ files }) => files)).toEqual([['src/x.js'], ['src/x.js', 'x.js']]);
});

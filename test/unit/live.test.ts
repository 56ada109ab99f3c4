/** Who counts as at work. */

import { describe, expect, test } from 'vitest';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { foldTasks } from '../../src/core/session/tasks.ts';
import { LIVE_MS, liveTasks } from '../../src/lifecycle/session/live.ts';

const START = Date.parse('2026-01-01T12:00:00Z');
let n = 0;

function record(minute: number, draft: Pick<AnyRecord, 'kind' | 'data'>, id = 'agent-1'): AnyRecord {
  const at = new Date(START + minute * 60_000).toISOString();
  return { v: 1, id: `r${n++}`, at, session: 's', actor: { kind: 'subagent', name: 'dev', id }, ...draft } as AnyRecord;
}

const started = (minute: number, task = 't1', id?: string) =>
  record(minute, { kind: 'task.started', data: { task, description: null, agent_type: 'dev' } }, id);

function live(records: AnyRecord[], minute: number): string[] {
  const open = foldTasks(records).filter((task) => task.status === 'open');
  return liveTasks(open, records, START + minute * 60_000).map((task) => task.task);
}

describe('an open task', () => {
  test('is live for 15 minutes after its last record', () => {
    expect(LIVE_MS).toBe(15 * 60_000);
    expect(live([started(0)], 15)).toEqual(['t1']);
    expect(live([started(0)], 15.1)).toEqual([]);
  });

  test('any record of the task keeps it live, and so does any of its agent', () => {
    const edit = record(10, { kind: 'file.edited', data: { path: 'a', blob: null, task: 't1', via: 'hook' } }, 'somebody');
    expect(live([started(0), edit], 24)).toEqual(['t1']);
    const memory = record(20, { kind: 'memory.stored', data: { namespace: 'coordination', key: 'k', value: 1 } });
    expect(live([started(0), memory], 34)).toEqual(['t1']);
    const others = record(20, { kind: 'memory.stored', data: { namespace: 'coordination', key: 'k', value: 1 } }, 'agent-2');
    expect(live([started(0), others], 34)).toEqual([]);
  });

  test('that is finished is not', () => {
    const done = record(1, { kind: 'task.finished', data: { task: 't1', status: 'completed' } });
    expect(live([started(0), done], 2)).toEqual([]);
    expect(live([started(0), done, started(3)], 4)).toEqual(['t1']);
  });

  test('a clock ahead of ours does not hide it', () => expect(live([started(30)], 0)).toEqual(['t1']));
});

/** A session of many records: a checkpoint reads what it needs of them, and comes to the same as one that reads everything. */

import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { encodeRecord } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { editedPaths, openEdits } from '../../src/core/session/open-edits.ts';
import { foldTasks } from '../../src/core/session/tasks.ts';
import { editedBy, requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { logAt, sessionRecords } from '../../src/lifecycle/session/records.ts';
import { recordsNaming } from '../../src/lifecycle/session/records-naming.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { privatePaths } from '../../src/store/paths.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { DEV, startWork, type Work } from '../support/work.ts';

const TASKS = ['t1', 't2', 'say "hi"', 'naïve', 'a\\b', 't1/src'];
const PATHS = ['src/a.js', 'src/b "c".js', 'src/ü.js', 'src', 't1'];
const BLOBS = ['a'.repeat(40), 'b'.repeat(40), null];

interface Row {
  kind: 'task.started' | 'task.finished' | 'file.edited' | 'memory.stored';
  task: string | null;
  path: string;
  blob: string | null;
  ms: number;
  id: string;
}

const row = fc.record<Row>({
  kind: fc.constantFrom('task.started', 'task.finished', 'file.edited', 'file.edited', 'file.edited', 'memory.stored'),
  task: fc.constantFrom(null, ...TASKS),
  path: fc.constantFrom(...PATHS),
  blob: fc.constantFrom(...BLOBS),
  ms: fc.constantFrom(0, 1, 1, -7),
  id: fc.constantFrom('x1', 'x2'),
});

/** Records as any agent may leave them: out of order, in other spellings, with a torn line between. */
function linesOf(work: Work, rows: Row[], from: number): string[] {
  const start = Date.now();
  return rows.map(({ kind, task, path, blob, ms, id }, i) => {
    const data = {
      'task.started': { task: task ?? 't1', description: path, agent_type: null },
      'task.finished': { task: task ?? 't1', status: 'completed' },
      'file.edited': { path, blob, task, via: 'hook' },
      'memory.stored': { namespace: 'coordination', key: path, value: task, ...(task === null ? {} : { task }) },
    }[kind];
    const at = new Date(start + (from + i) * 2 + ms).toISOString();
    const actor = { kind: 'subagent', name: 'coder', id };
    const line = encodeRecord({ v: 1, id: `r${from + i}`, at, session: work.id, actor, kind, data } as AnyRecord);
    if (i % 17 === 3) return line.replaceAll('/', '\\/').replaceAll('ï', '\\u00ef');
    return i % 29 === 5 ? line.slice(0, 40) + line : line;
  });
}

const addLines = (work: Work, lines: string[]) => appendFileSync(privatePaths(work.repo.commonDir).journal(work.id), lines.join(''));

test('what a checkpoint asks of the records by name is what all of them say', async () => {
  const repo = makeRepo();
  const work = await startWork(repo);
  const rows = fc.sample(row, { numRuns: 300, seed: 7 });
  const lines = linesOf(work, rows, 0);
  addLines(work, lines.slice(0, 120));
  await requestCheckpoint(work.repo, await work.now(), { files: [], event: 'checkpoint', wait: true });
  addLines(work, lines.slice(120, 220));
  // Another clone's, of which this journal has nothing.
  repo.commit('from afar', { [`.swarm/log/${work.id}/afar.1.jsonl`]: lines.slice(220).join('') });
  const session = await work.now();
  const { records } = await sessionRecords(work.repo, session);
  expect(records.length).toBeGreaterThan(250);
  for (const task of TASKS) {
    const naming = await recordsNaming(work.repo, session);
    const its = records.filter((record) => 'task' in record.data && record.data.task === task);
    expect(editedBy(naming, task)).toEqual(editedPaths(its));
    expect(foldTasks(naming([task])).find((one) => one.task === task)).toMatchObject({
      ...foldTasks(records).find((one) => one.task === task),
    });
    for (const oid of BLOBS) {
      const tip = new Map(PATHS.map((path) => [path, oid ? { oid, mode: '100644' as const } : null]));
      expect(openEdits(naming(PATHS), tip)).toEqual(openEdits(records, tip));
    }
    expect(naming(['x1']).filter(({ actor }) => actor.id === 'x1')).toEqual(records.filter(({ actor }) => actor.id === 'x1'));
  }
});

/** How many texts the checkpoint of a task takes for JSON, and what it puts into the log, where the session has so many records before. */
async function costOf(repo: TestRepo, many: number) {
  const work = await startWork(repo);
  for (let n = 0; n < many; n++) {
    const data = { path: `src/old${n % 90}.js`, blob: null, task: `old-${n % 40}`, via: 'hook' as const };
    appendRecord(work.repo.commonDir, work.id, { kind: 'file.edited', actor: DEV, data });
  }
  await requestCheckpoint(work.repo, await work.now(), { files: [], event: 'checkpoint', wait: true });
  work.begin('now');
  repo.write('src/b.js', `${many}\n`);
  work.edited('now', 'src/b.js');
  work.end('now');
  const session = await work.now();
  const parse = vi.spyOn(JSON, 'parse');
  const { commit } = await requestCheckpoint(work.repo, session, { task: 'now', event: 'task-done', wait: true });
  const parsed = parse.mock.calls.length;
  parse.mockRestore();
  const logs = repo.git('diff-tree', '-r', '--name-only', session.tip, `${commit}`, '--', '.swarm').split('\n');
  const size = Number(repo.git('cat-file', '-s', `${commit}:${logs[0]}`));
  const all = (await logAt(work.repo, `${commit}`, work.id)).parsed.records;
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(repo.git('status', '--porcelain')).toBe('');
  return { parsed, logs, size, records: all.length };
}

test('a checkpoint parses as much, and writes as little, after thousands of records as after ten', async () => {
  const few = await costOf(makeRepo({ files: { 'src/a.js': '1\n' } }), 10);
  const many = await costOf(makeRepo({ files: { 'src/a.js': '1\n' } }), 3000);
  expect(many.records).toBeGreaterThan(3000);
  expect(many.parsed).toBe(few.parsed);
  expect([few.logs.length, many.logs.length]).toEqual([1, 1]);
  expect(many.logs[0]).toMatch(/\.2\.jsonl$/);
  expect(many.size).toBeLessThan(few.size);
});

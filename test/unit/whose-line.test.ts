import { expect, test } from 'vitest';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { stepOfLine, stepsBetween } from '../../src/core/session/whose-line.ts';

const edit = (task: string | null, blob: string) =>
  ({ kind: 'file.edited', actor: { kind: 'agent', name: `agent of ${task}` }, data: { path: 'a', blob, task, via: 'hook' } }) as AnyRecord;
const tasks = (records: AnyRecord[], before: string | null, after: string) =>
  stepsBetween(records, 'a', before, after).map(({ blob, by }) => [blob, ...by.map((row) => row.task)]);

test('contents after the parent’s and up to the commit’s, with everybody who left them', () => {
  const records = [edit('p0', 'x'), edit('p1', 'y'), edit('p2', 'y'), edit('p1', 'z'), edit('p3', 'later')];
  expect(tasks(records, 'x', 'z')).toEqual([
    ['y', 'p1', 'p2'],
    ['z', 'p1'],
  ]);
  expect(tasks(records, 'x', 'unknown')).toEqual([]);
});

test('a line belongs to the content that first holds it, and to nobody where that proves nothing', () => {
  const steps = stepsBetween([edit('p1', 'y'), edit('p2', 'z')], 'a', 'x', 'z');
  const of = (texts: Record<string, string>, line: string) =>
    stepOfLine(steps, line, 'x', (blob) => texts[blob])?.by.map((row) => row.task) ?? null;
  const texts = { x: 'one\n', y: 'one\ntwo\n', z: 'one\ntwo\nthree\n' };
  expect([of(texts, 'two'), of(texts, 'three')]).toEqual([['p1'], ['p2']]);
  expect(of(texts, 'one')).toBeNull();
  expect(of({ ...texts, z: 'one\ntwo\ntwo\n' }, 'two')).toBeNull();
  expect(of({ x: 'one\n', z: texts.z }, 'three')).toBeNull();
});

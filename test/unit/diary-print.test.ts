import { expect, it } from 'vitest';
import { printDiary, printGraph } from '../../src/cli/print/diary.ts';
import type { DiaryEntry } from '../../src/closeout/landed/diary.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';

const entry: DiaryEntry = {
  id: 'session-20261122-101500-an-implementation-of-the-whole-authentication-system-and-more' as SessionId,
  topic: 'an-implementation-of-the-whole-authentication-system-and-more',
  goal: null,
  commit: '306b2a6ae6c7f0aa51d5f2f5b2b4b4a7b7d0c1f2',
  landed_at: '2026-11-22T10:15:00+00:00',
  base: 'main',
  tag: 'refs/tags/backup/x',
  approver: 'dana.with-a-rather-long-name@department.example.com',
  approvers: ['dana.with-a-rather-long-name@department.example.com', 'eve@example.com'],
  presence: 'none',
  verdict: 'not checked',
  now: 'gone',
  changes: 1200,
  artifacts: 1,
  checks: { passed: 4, needed: 5 },
  agents: 3,
  duration_minutes: 45,
  patterns: 2,
  merged: true,
  commits: null,
  lessons_only: false,
};

function printed(width: number, entries: DiaryEntry[], print = printDiary): string[] {
  const lines: string[] = [];
  const say = (line = '') => void lines.push(line);
  print({ say, note: say, json: () => {}, raw: () => {}, paint: (_, text) => text, wantsJson: false, terminal: true, width }, entries);
  return lines;
}

it.each([60, 80, 140])('keeps within %i columns and says everything that names the session', (width) => {
  const lines = printed(width, [entry]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  const text = lines.join('\n');
  for (const part of [
    '2026-11-22',
    'an-implementation',
    'not checked, reverted',
    '1200 changes',
    '1 artifact',
    'checks 4/5',
    '306b2a6ae6',
    '20261122-101500',
    'unattended',
    'eve@example.com',
  ]) {
    expect(text).toContain(part);
  }
  expect(lines[0]?.includes('…')).toBe(width < 90);
});

it('says what is not recorded, and makes hostile text visible', () => {
  const unknown = {
    ...entry,
    approver: null,
    approvers: [] as string[],
    presence: null,
    tag: null,
    verdict: 'no approval',
    changes: null,
    artifacts: null,
    checks: null,
    now: 'present',
  } as const;
  expect(printed(80, [unknown]).join(' ')).toContain('approved by nobody, changes not recorded');
  const hostile = printed(80, [{ ...entry, topic: 'a\u001b[2Jb', approvers: ['x\ny'] }]).join('');
  expect([hostile.includes('\u001b'), hostile.includes('\n'), hostile.includes('^[[2J')]).toEqual([false, false, true]);
});

it.each([60, 80, 140])('draws what each session brought within %i columns', (width) => {
  const commit = {
    id: 'f711afa32cef19326e5269ecefbe8659a35bb3d7',
    author: 'Dana',
    email: 'dana@example.com',
    subject: `seal\u001b[2J ${'x'.repeat(200)}`,
  };
  const lines = printed(
    width,
    [
      { ...entry, commits: [commit, commit] },
      { ...entry, commits: [], merged: false },
    ],
    printGraph,
  );
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  expect(lines.filter((line) => line.startsWith('*   2026-11-22'))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith('| * f711afa32c seal^[[2J x'))).toHaveLength(2);
  expect([lines[1]?.startsWith('|\\  '), lines.includes('|/'), lines.at(-1)]).toEqual([true, true, '|']);
  expect(lines.join('\n')).toContain('squashed or rebased');
});

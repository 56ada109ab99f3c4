import { expect, it } from 'vitest';
import { printDiary } from '../../src/cli/print/diary.ts';
import type { DiaryEntry } from '../../src/closeout/diary.ts';
import type { SessionId } from '../../src/core/session-id.ts';

const entry: DiaryEntry = {
  id: 'session-20261122-101500-an-implementation-of-the-whole-authentication-system-and-more' as SessionId,
  topic: 'an-implementation-of-the-whole-authentication-system-and-more',
  goal: null,
  commit: '306b2a6ae6c7f0aa51d5f2f5b2b4b4a7b7d0c1f2',
  landed_at: '2026-11-22T10:15:00+00:00',
  base: 'main',
  tag: 'refs/tags/backup/x',
  approver: 'dana.with-a-rather-long-name@department.example.com',
  presence: 'none',
  verdict: 'not checked',
  now: 'gone',
  changes: 1200,
  artifacts: 1,
  checks: { passed: 4, needed: 5 },
  agents: 3,
  duration_minutes: 45,
  patterns: 2,
  lessons_only: false,
};

function printed(width: number, entries: DiaryEntry[]): string[] {
  const lines: string[] = [];
  const say = (line = '') => void lines.push(line);
  printDiary({ say, note: say, json: () => {}, raw: () => {}, paint: (_, text) => text, wantsJson: false, width }, entries);
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
  ]) {
    expect(text).toContain(part);
  }
  expect(lines[0]?.includes('…')).toBe(width < 90);
});

it('says what is not recorded, and makes hostile text visible', () => {
  const unknown = {
    ...entry,
    approver: null,
    presence: null,
    tag: null,
    verdict: 'no approval',
    changes: null,
    artifacts: null,
    checks: null,
    now: 'present',
  } as const;
  expect(printed(80, [unknown]).join(' ')).toContain('approved by nobody, changes not recorded');
  const hostile = printed(80, [{ ...entry, topic: 'a\u001b[2Jb', approver: 'x\ny' }]).join('');
  expect([hostile.includes('\u001b'), hostile.includes('\n'), hostile.includes('^[[2J')]).toEqual([false, false, true]);
});

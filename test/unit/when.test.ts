import { expect, it } from 'vitest';
import { parseWhen } from '../../src/core/when.ts';

const now = Date.parse('2026-11-22T10:00:00Z');

it.each([
  ['2w', '2026-11-08T10:00:00.000Z'],
  ['3d', '2026-11-19T10:00:00.000Z'],
  ['12h', '2026-11-21T22:00:00.000Z'],
  ['30m', '2026-11-22T09:30:00.000Z'],
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01 08:00', '2026-11-01T08:00:00.000Z'],
  ['2026-11-01T08:00+02:00', '2026-11-01T06:00:00.000Z'],
])('%s is %s', (word, moment) => expect(parseWhen(word, now)?.toISOString()).toBe(moment));

it.each(['', 'yesterday', '2w ago', '-3d', '2026-13-01', '2026-11-01T99:00', '3'])('%j is neither a date nor an age', (word) => {
  expect(parseWhen(word, now)).toBeNull();
});

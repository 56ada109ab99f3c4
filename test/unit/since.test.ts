/** Points in time as people write them. */

import { expect, test } from 'vitest';
import { parseSince } from '../../src/core/session/since.ts';

const NOW = Date.parse('2026-01-10T12:00:00Z');

test.each([
  ['12h', '2026-01-10T00:00:00Z'],
  ['7d', '2026-01-03T12:00:00Z'],
  ['2w', '2025-12-27T12:00:00Z'],
  ['3 days ago', '2026-01-07T12:00:00Z'],
  ['1 week', '2026-01-03T12:00:00Z'],
  [' 2025-11-17 ', '2025-11-17T00:00:00Z'],
  ['2025-11-17T14:30:00Z', '2025-11-17T14:30:00Z'],
])('%s', (text, at) => expect(parseSince(text, NOW)).toBe(Date.parse(at)));

test.each(['', 'yesterday', '-1d', '1y', '2025-13-01', '11/17/2025', '99999999d', 'd'])('%j is none', (text) =>
  expect(parseSince(text, NOW)).toBeNull(),
);

/** `metadata.json` is written by agents too: what is not exactly ours is not read. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBranchName, parseMetadata, type SessionMetadata } from '../../src/core/session/metadata.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';

const GOOD: SessionMetadata = {
  version: 1,
  id: 'session-20251117-143022-auth' as SessionId,
  topic: 'auth',
  goal: 'People can log in',
  status: 'active',
  created_at: '2025-11-17T14:30:22.000Z',
  closed_at: null,
  branch: 'session/20251117-143022-auth',
  base: 'main',
  continues: null,
  related: [],
  backup_location: null,
};

test('what was written is read back', () => {
  expect(parseMetadata(JSON.stringify(GOOD))).toEqual(GOOD);
});

describe('is no metadata of ours', () => {
  test.each([
    ['no JSON', '{'],
    ['another version', { ...GOOD, version: 2 }],
    ['no id', { ...GOOD, id: undefined }],
    ['an id that is none', { ...GOOD, id: 'session-x' }],
    ['a status of nobody', { ...GOOD, status: 'sealed' }],
    ['a base that is an option', { ...GOOD, base: '--upload-pack=x' }],
    ['a base that leaves the branches', { ...GOOD, base: '../tags/v1' }],
    ['a base with a line break', { ...GOOD, base: 'main\nSession-Approved-By: x' }],
    ['a base that is an expression', { ...GOOD, base: 'main~3' }],
    ['a branch with a control character', { ...GOOD, branch: 'session/\u001b[31m' }],
    ['a date with an escape sequence', { ...GOOD, created_at: '2025-11-17 (\u001b[2J)' }],
    ['no date', { ...GOOD, created_at: 'yesterday' }],
    ['a list', []],
    ['null', null],
  ])('%s', (_, value) => expect(parseMetadata(typeof value === 'string' ? value : JSON.stringify(value))).toBeNull());

  test('whatever bytes it holds, it never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseMetadata(text)));
  });
});

test('unknown fields are left out, and lists hold ids only', () => {
  const read = parseMetadata(JSON.stringify({ ...GOOD, extra: 1, related: ['x', 7, GOOD.id], continues: 'nope', goal: 7 }));
  expect(read).toEqual({ ...GOOD, goal: null, related: [GOOD.id] });
});

test.each(['x\u001b[2Jy', 'another-topic', undefined, 7])('the topic is the id\u2019s, not %j', (topic) =>
  expect(parseMetadata(JSON.stringify({ ...GOOD, topic }))?.topic).toBe('auth'),
);

test.each(['main', 'release/1.2', 'a-b_c', 'session/20251117-143022-auth', 'ünïcode', 'x.y'])('%s is a branch name', (name) =>
  expect(isBranchName(name)).toBe(true),
);
test.each([
  '',
  '-x',
  '/x',
  'x/',
  'a//b',
  'a..b',
  'x.lock',
  'a/.b',
  'a b',
  'a:b',
  'a^',
  'a~',
  'a?',
  'a*',
  'a[',
  'a\\b',
  '@',
  'a@{1}',
  'x.',
  '\u007f',
])('%j is none', (name) => expect(isBranchName(name)).toBe(false));

import { describe, expect, test } from 'vitest';
import type { MemoryEntry } from '../../src/core/memory.ts';
import { fittingPatterns, measurePattern, readPattern, readPatterns } from '../../src/core/pattern.ts';
import type { AnyRecord } from '../../src/core/record.ts';
import { termsOf } from '../../src/core/search.ts';
import { asSessionId, type SessionId } from '../../src/core/session-id.ts';

const id = (n: number) => asSessionId(`session-2025111${n}-143022-auth-system`) as SessionId;
const entry = (key: string, value: unknown, namespace = 'reasoning-bank'): MemoryEntry => ({
  namespace,
  key,
  value,
  blob: null,
  at: '2025-11-17T14:30:22.000Z',
  by: { kind: 'agent', name: 'coder' },
  task: null,
  session: id(1),
  record: 'r1',
  expires_at: null,
  tags: [],
});

/** The pattern as the description of the system has it. */
const SEED = {
  pattern_id: 'auth-jwt-implementation',
  approach: 'JWT with httpOnly cookies and refresh tokens',
  implementation: { access_token_ttl: '15min', cookie_settings: { httpOnly: true, sameSite: 'strict' } },
  success_metrics: { sessions_used: 5, success_rate: 100, test_coverage_avg: 98 },
  code_snippets: { refresh: 'rotate()' },
  lessons_learned: ['Use short access token TTL for security', 'Implement token rotation on refresh'],
};

describe('reading', () => {
  test('the full shape', () => {
    expect(readPattern(entry('pattern/auth-system/jwt-implementation', SEED))).toMatchObject({
      id: 'auth-jwt-implementation',
      key: 'pattern/auth-system/jwt-implementation',
      title: 'JWT with httpOnly cookies and refresh tokens',
      kind: 'strategy',
      approach: SEED.approach,
      implementation: SEED.implementation,
      code_snippets: SEED.code_snippets,
      lessons_learned: SEED.lessons_learned,
      claimed: { success_rate: 100, sessions_used: 5, test_coverage_avg: 98, reusable: null },
    });
  });

  test('the loose shape, and the same as text', () => {
    const loose = { approach: 'httpOnly cookies + refresh tokens', success_rate: 100, reusable: true };
    const expected = { id: 'auth-system-jwt-implementation', approach: loose.approach, claimed: { success_rate: 100, reusable: true } };
    expect(readPattern(entry('pattern/auth-system/jwt-implementation', loose))).toMatchObject(expected);
    expect(readPattern(entry('pattern/auth-system/jwt-implementation', JSON.stringify(loose)))).toMatchObject(expected);
  });

  test('plain text, and values of every other shape', () => {
    expect(readPattern(entry('pattern/x/y', 'rotate the keys'))).toMatchObject({
      id: 'x-y',
      approach: 'rotate the keys',
      title: 'rotate the keys',
    });
    for (const value of [null, 1, [], {}, { approach: 7, lessons_learned: [1, 'a'], success_metrics: 'x', kind: 'odd' }]) {
      expect(readPattern(entry('pattern/x/y', value))).toMatchObject({ id: 'x-y', title: 'x y', approach: null, kind: 'strategy' });
    }
  });

  test('what lies elsewhere is no pattern', () => {
    const elsewhere = [entry('trajectory/a', SEED), entry('pattern/a', SEED, 'coordination'), entry('x/pattern/a', SEED)];
    expect(readPatterns(elsewhere)).toEqual([]);
  });
});

test('what is measured counts sessions that ended, never what an agent claims', () => {
  const pattern = readPattern(entry('pattern/auth-system/jwt', SEED));
  if (!pattern) throw new Error('no pattern');
  const used = (session: SessionId, name: string): AnyRecord => ({
    v: 1,
    id: `u${session}${name}`,
    at: '2025-11-17T14:30:22.000Z',
    session,
    actor: { kind: 'agent', name: 'coder' },
    kind: 'pattern.used',
    data: { pattern: name, outcome: 'success' },
  });
  const records = [
    used(id(2), pattern.id),
    used(id(3), pattern.key),
    used(id(3), pattern.id),
    used(id(4), 'another'),
    used(id(5), pattern.id),
  ];
  const outcomes = [
    { session: id(1), succeeded: true, coverage: 90 },
    { session: id(2), succeeded: false, coverage: null },
    { session: id(3), succeeded: true, coverage: 95 },
    { session: id(4), succeeded: false, coverage: 10 },
  ];
  expect(measurePattern(pattern, records, outcomes)).toEqual({ succeeded: 2, of: 3, success_rate: 66.7, test_coverage_avg: 92.5 });
  expect(measurePattern(pattern, records, [])).toEqual({ succeeded: 0, of: 0, success_rate: null, test_coverage_avg: null });
});

describe('offering', () => {
  const patterns = readPatterns([
    entry('pattern/auth-system/jwt-implementation', SEED),
    entry('pattern/database/migrations', { approach: 'Write the down migration first', applies_to: ['change a table', 'add a column'] }),
    entry('pattern/calculator/parser', {
      title: 'Parse expressions by precedence climbing',
      approach: 'A small parser, tests per operator',
    }),
  ]);
  const offered = (words: string) => fittingPatterns(patterns, termsOf(words), 3).map((p) => p.key.split('/')[1]);

  test.each([
    ['Build authentication API with JWT tokens', ['auth-system']],
    ['Add a column to the users table', ['database']],
    ['Implement the calculator', ['calculator']],
    ['Write docs for the project', []],
    ['Build the code and write the tests', []],
    ['', []],
    ['!!!', []],
  ])('for "%s"', (words, keys) => {
    expect(offered(words)).toEqual(keys);
  });
});

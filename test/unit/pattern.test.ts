import { describe, expect, test } from 'vitest';
import { indexOf } from '../../src/core/fit/fit-index.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import type { MemoryEntry } from '../../src/core/memory/memory.ts';
import { closeoutsIn, type EndedSession, measure, usesIn } from '../../src/core/pattern/outcome.ts';
import { type Pattern, patternValue, readFields, readPattern, readPatterns } from '../../src/core/pattern/pattern.ts';
import { bestFitting, patternText } from '../../src/core/pattern/rank.ts';
import type { CheckResult } from '../../src/core/policy/policy.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';
import { checkResult } from '../support/closeout-facts.ts';

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
  origin: null,
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

const known = (stored: MemoryEntry) => {
  const pattern = readPattern(stored);
  if (!pattern) throw new Error('no pattern');
  return pattern;
};
const minute = (n: number) => new Date(Date.parse('2025-11-17T14:30:00.000Z') + n * 60_000).toISOString();
const record = (session: SessionId, at: number, kind: string, data: unknown): AnyRecord =>
  ({ v: 1, id: `r${session}${at}${kind}`, at: minute(at), session, actor: { kind: 'agent', name: 'coder' }, kind, data }) as AnyRecord;

describe('what is measured', () => {
  const pattern = known(entry('pattern/auth-system/jwt', SEED));
  const used = (session: SessionId, at: number, name: string, outcome = 'success') =>
    record(session, at, 'pattern.used', { pattern: name, outcome });
  const stored = (key: string, at = 0) => record(id(1), at, 'memory.stored', { namespace: 'reasoning-bank', key, value: SEED });
  const ended = (n: number, over: Partial<CheckResult> = {}, lessons_only = false) => ({
    id: id(n),
    manifest: { closed_at: minute(60), checks: [checkResult('tests', over)], lessons_only },
  });
  const measured = (of: Pattern, sessions: EndedSession[], records: AnyRecord[]) =>
    measure(usesIn(records)(of), closeoutsIn(sessions, records));

  test('counts closeouts of the sessions that used it, never what an agent claims', () => {
    const records = [
      stored(pattern.key),
      used(id(2), 1, pattern.id),
      used(id(3), 1, pattern.key, 'failure'),
      used(id(3), 2, pattern.id),
      used(id(4), 1, 'another'),
      used(id(5), 1, pattern.id, 'failure'),
    ];
    const sessions = [ended(1, { coverage: 90 }), ended(2, { status: 'failed', coverage: null }), ended(3, { coverage: 95 }), ended(4)];
    expect(measured(pattern, sessions, records)).toEqual({
      ...{ sessions_used: 4, succeeded: 2, of: 3, success_rate: 66.7, test_coverage_avg: 92.5 },
      claims: { success: 2, failure: 1 },
    });
    expect(measured(pattern, [], records)).toMatchObject({ succeeded: 0, of: 0, success_rate: null, test_coverage_avg: null });
    // Nobody signed an end: it is not known.
    expect(measured(pattern, [{ id: id(1), manifest: null }], records)).toMatchObject({ of: 0 });
  });

  test('a rejection and an abandoned session count against it, a restored one does not, and nothing counts from before it was used', () => {
    const rejected = (session: SessionId, at: number) => record(session, at, 'closeout.rejected', { reasons: [] });
    const records = [
      ...[rejected(id(2), 1), used(id(2), 2, pattern.id), rejected(id(2), 3)],
      ...[used(id(3), 1, pattern.id), record(id(3), 2, 'session.abandoned', { reason: null })],
      ...[used(id(4), 1, pattern.id), record(id(4), 2, 'session.abandoned', { reason: null })],
      record(id(4), 3, 'session.restored', { from: null }),
    ];
    expect(measured(pattern, [ended(2), ended(3, {}, true), ended(4)], records)).toMatchObject({ sessions_used: 3, succeeded: 2, of: 4 });
  });

  test('who warns of a pitfall did not use it, and what was merged keeps counting', () => {
    const pitfall = known(entry('pattern/auth-system/jwt', { ...SEED, kind: 'pitfall' }));
    expect(measured(pitfall, [ended(1)], [stored(pattern.key)])).toMatchObject({ sessions_used: 0, of: 0 });
    const merged = known(entry('pattern/auth/tokens', { approach: 'x', merged_from: [pattern.id, pattern.key] }));
    expect(measured(merged, [ended(1), ended(2)], [stored(pattern.key), used(id(2), 1, pattern.id)])).toMatchObject({
      succeeded: 2,
      of: 2,
    });
  });
});

test('a value is stored with its claims, and read back the same', () => {
  const { key, tags, session, record: stored, at, by, expires_at, ...fields } = known(entry('pattern/auth-system/jwt', SEED));
  expect(patternValue(fields)).toMatchObject({ pattern_id: SEED.pattern_id, claimed: { success_rate: 100, sessions_used: 5 } });
  expect(patternValue(fields)).not.toHaveProperty('success_metrics');
  expect(readFields(patternValue(fields), key)).toEqual(fields);
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
  const now = Date.parse('2025-12-17T14:30:22.000Z');
  const best = (words: string, those: readonly Pattern[], overs: readonly object[], limit: number) => {
    const candidates = those.map((pattern, n) => ({ ...pattern, n, succeeded: 0, of: 0, ...overs[n] }));
    return bestFitting(words, (at) => candidates[at], indexOf(those.map(patternText)), { limit, now });
  };
  const offered = (words: string) => best(words, patterns, [], 3).map((p) => p.key.split('/')[1]);

  test('puts what worked before what did not, and the newer before the older', () => {
    const one = known(entry('pattern/calculator/parser', { approach: 'A small parser' }));
    const order = (...overs: object[]) => {
      const those = overs.map(() => one);
      return best('calculator parser', those, overs, 2).map(({ n }) => n);
    };
    expect(order({ succeeded: 0, of: 4 }, {}, { succeeded: 4, of: 4 })).toEqual([2, 1]);
    expect(order({ at: '2020-01-01T00:00:00.000Z' }, {})).toEqual([1, 0]);
  });

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

/** What a session proposes for the reasoning bank, what a person makes of it, and what is nearly the same. */

import { describe, expect, test } from 'vitest';
import { decidePatterns, patternFact } from '../../src/core/documents/facts.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { patternLine, proposalLines } from '../../src/core/pattern/lines.ts';
import { readFields } from '../../src/core/pattern/pattern.ts';
import { proposalsOf } from '../../src/core/pattern/proposal.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';
import { closeoutFacts } from '../support/closeout-facts.ts';

const OLD = asSessionId('session-20251117-100000-auth-system') as SessionId;
const OWN = asSessionId('session-20251118-100000-auth-tokens') as SessionId;
const NOW = Date.parse('2025-12-01T00:00:00.000Z');
let n = 0;
const written = (session: SessionId, kind: string, key: string, value?: unknown, over = {}): AnyRecord =>
  ({
    ...{ v: 1, id: `r${++n}`, at: new Date(Date.parse('2025-11-18T10:00:00.000Z') + n).toISOString(), session },
    ...{ actor: { kind: 'agent', name: 'coder' }, kind },
    data: { namespace: 'reasoning-bank', key, ...(value === undefined ? {} : { value }), ...over },
  }) as AnyRecord;
const stored = (session: SessionId, key: string, value: unknown, over = {}) => written(session, 'memory.stored', key, value, over);

const JWT = { approach: 'JWT in httpOnly cookies', lessons_learned: ['Keep access tokens short'], applies_to: ['log users in'] };
const approved = [stored(OLD, 'pattern/auth/jwt', JWT), stored(OLD, 'pattern/auth/lockout', { approach: 'Lock after ten tries' })];

describe('proposals', () => {
  test('are new, changed with what changed, or removed', () => {
    const own = [
      stored(OWN, 'pattern/auth/rotation', { approach: 'Rotate refresh tokens on use', kind: 'pitfall' }),
      stored(OWN, 'pattern/auth/jwt', { ...JWT, kind: 'pitfall', lessons_learned: ['Rotate keys', 'Keep access tokens short'] }),
      written(OWN, 'memory.deleted', 'pattern/auth/lockout'),
      stored(OWN, 'trajectory/x', {}),
    ];
    const proposals = proposalsOf(approved, own, NOW);
    expect(proposals).toMatchObject([
      {
        ...{ key: 'pattern/auth/jwt', change: 'changed', before: { approach: JWT.approach } },
        differences: [
          { field: 'kind', removed: ['strategy'], added: ['pitfall'] },
          { field: 'lessons_learned', removed: [], added: ['Rotate keys'] },
        ],
      },
      { key: 'pattern/auth/lockout', change: 'removed', fields: null },
      { key: 'pattern/auth/rotation', change: 'new', before: null, by: { name: 'coder' } },
    ]);
    const [changed, removed, fresh] = proposals.map((proposal) => patternFact(proposal, { k: 2, n: 3 }));
    expect(patternLine(changed as never)).toBe('- pitfall: JWT in httpOnly cookies, changed (worked in 2 of 3 closeouts)');
    expect(proposalLines(changed as never)).toEqual([
      ...['pattern/auth/jwt', '  kind - strategy', '  kind + pitfall', '  lessons_learned + Rotate keys'],
    ]);
    expect(proposalLines(removed as never)).toEqual(['pattern/auth/lockout', '  said: Lock after ten tries']);
    expect(proposalLines(fresh as never)[1]).toBe('  Rotate refresh tokens on use');
  });

  test('are none where what was new is gone again, and where a claim found the place taken', () => {
    const gone = [stored(OWN, 'pattern/auth/x', { approach: 'x' }), written(OWN, 'memory.deleted', 'pattern/auth/x')];
    expect(proposalsOf(approved, gone, NOW)).toEqual([]);
    expect(proposalsOf(approved, [stored(OWN, 'pattern/auth/jwt', 'mine', { if_absent: true })], NOW)).toEqual([]);
  });

  test('point out what says nearly the same', () => {
    const again = { title: 'httpOnly cookies for the JWT', approach: 'JWT in httpOnly cookies', applies_to: ['log users in'] };
    const [proposal] = proposalsOf(approved, [stored(OWN, 'pattern/login/cookies', again)], NOW);
    expect(proposal?.alike).toMatchObject([{ key: 'pattern/auth/jwt', title: 'JWT in httpOnly cookies' }]);
    expect(proposal?.alike[0]?.similarity).toBeGreaterThan(60);
    const warning = proposalsOf(approved, [stored(OWN, 'pattern/login/pitfall', { ...again, kind: 'pitfall' })], NOW);
    expect(warning[0]?.alike, 'a warning beside an advice').toEqual([]);
    expect(proposalsOf(approved, [stored(OWN, 'pattern/db/x', { approach: 'Write the down migration first' })], NOW)[0]?.alike).toEqual([]);
  });
});

test('a person drops one, edits another, and what lands says so', () => {
  const [jwt] = closeoutFacts().patterns;
  if (!jwt) throw new Error('no pattern');
  const facts = closeoutFacts({ patterns: [jwt, { ...jwt, key: 'pattern/auth/other' }] });
  const fields = readFields({ title: 'Cookies, httpOnly', approach: 'cookies' }, 'pattern/auth/other');
  const edited = { by: { kind: 'person', name: 'Dana' } as const, patterns: new Map([['pattern/auth/other', fields]]) };
  const decided = decidePatterns(facts, { dropped: new Set(['pattern/auth/jwt']), edited });
  expect(decided.patterns).toMatchObject([
    { kept: false, edited: false },
    { kept: true, edited: true, title: 'Cookies, httpOnly', by: { name: 'Dana' }, claimed: null },
  ]);
  expect(decided.memory.map(({ key }) => key)).toEqual(['api']);
});

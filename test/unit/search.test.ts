import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rank, snippet, termsOf } from '../../src/core/search.ts';

const texts: Record<string, string> = {
  'pattern/auth-system/jwt-implementation': 'httpOnly cookies and refresh tokens',
  'swarm/shared/api-contract': 'POST /login answers 200 with a session cookie',
  'swarm/tester/results': 'all 12 tests pass, also the login test and the login form',
  'notes/größe': 'Größe der Fenster, 認証システム',
};
const find = (query: string) =>
  rank(Object.keys(texts), termsOf(query), (key) => ({ title: key, body: texts[key] ?? '' })).map((hit) => hit.item);

describe('ranking', () => {
  test('a word in the key weighs more than one in the value', () => {
    expect(find('api')).toEqual(['swarm/shared/api-contract']);
    expect(find('jwt cookie')[0]).toBe('pattern/auth-system/jwt-implementation');
  });

  test('beginnings of words count in part, both ways', () => {
    expect(find('authentication')).toEqual(['pattern/auth-system/jwt-implementation']);
    expect(find('implement')).toEqual(['pattern/auth-system/jwt-implementation']);
    expect(find('login')).toEqual(['swarm/tester/results', 'swarm/shared/api-contract']);
  });

  test('the middle of a word does not count', () => {
    expect(find('okie')).toEqual([]);
    expect(find('ontract')).toEqual([]);
  });

  test('other scripts are found', () => {
    expect(find('GRÖSSE')).toEqual([]);
    expect(find('Größe')).toEqual(['notes/größe']);
    expect(find('システム')).toEqual(['notes/größe']);
  });

  test('no words, no hits', () => {
    expect(find('')).toEqual([]);
    expect(find('!!! ---')).toEqual([]);
  });

  test('never fails, whatever the texts are', () => {
    const any = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(any), any, fc.nat(80), (bodies, query, width) => {
        const terms = termsOf(query);
        for (const hit of rank(bodies, terms, (body) => ({ title: '', body }))) {
          expect(hit.score).toBeGreaterThan(0);
          expect(snippet(hit.item, terms, width).length).toBeLessThanOrEqual(width + 2);
        }
      }),
    );
  });
});

test('a snippet shows the first word that was looked for, on one line', () => {
  const long = `${'lorem ipsum '.repeat(20)}\nthe refresh token rotates ${'dolor sit '.repeat(20)}`;
  const piece = snippet(long, ['refresh'], 60);
  expect(piece).toMatch(/^….*refresh token rotates.*…$/);
  expect(snippet('short\n text', ['x'], 60)).toBe('short text');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain, snippet } from '../../src/core/memory/explain.ts';
import { rankBest } from '../../src/core/memory/search.ts';
import { termsOf } from '../../src/core/memory/search-words.ts';

const texts: Record<string, string> = {
  'pattern/auth-system/jwt-implementation': 'httpOnly cookies and refresh tokens',
  'swarm/shared/api-contract': 'POST /login answers 200 with a session cookie',
  'swarm/tester/results': 'all 12 tests pass, also the login test and the login form',
  'notes/größe': 'Größe der Fenster, 認証システム',
};
const ALL = { limit: Number.POSITIVE_INFINITY, tie: () => 0 };
const find = (query: string) =>
  rankBest(Object.keys(texts), termsOf(query), (key) => ({ title: key, body: texts[key] ?? '' }), ALL).hits.map((hit) => hit.item);

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
    expect(find('ontrac')).toEqual([]);
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
        for (const hit of rankBest(bodies, terms, (body) => ({ title: '', body }), ALL).hits) {
          expect(hit.score).toBeGreaterThan(0);
          expect(snippet(hit.item, terms, width).length).toBeLessThanOrEqual(width + 2);
        }
      }),
    );
  });
});

describe('typing errors', () => {
  const words = ['refresh', 'authentication', 'cookie', 'login', 'jwt', 'größe'];
  const found = (query: string, items = words) =>
    rankBest(items, termsOf(query), (body) => ({ title: '', body }), { limit: 9, tie: () => 0 }).hits.map(({ item }) => item);

  test.each([
    ['refesh', ['refresh']],
    ['rerfesh', ['refresh']],
    ['cookies', ['cookie']],
    ['bookie', ['cookie']],
    ['logni', ['login']],
    ['grösse', []],
    ['größen', ['größe']],
    ['autentikation', ['authentication']],
    ['autentikazion', []],
    ['jvt', []],
    ['loin', ['login']],
    ['lon', []],
  ])('%s finds %j', (query, expected) => expect(found(query)).toEqual(expected));

  test('count only where hardly anything holds the word itself, and less than it', () => {
    const texts = ['the cache', 'a cache here', 'cache and more', 'a cachr'];
    expect(found('cache', texts)).not.toContain('a cachr');
    expect(found('cache', texts.slice(1))).toEqual(['a cache here', 'cache and more', 'a cachr']);
  });

  test('one edit, and for eight letters two, is found wherever it is made', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abcxyz'), minLength: 4, maxLength: 12 });
    const edit = fc.tuple(fc.constantFrom('change', 'leave', 'add', 'swap'), fc.nat(), fc.constantFrom('q', 'w'));
    const apply = (word: string, [how, where, letter]: [string, number, string]) => {
      const at = where % word.length;
      if (how === 'change') return word.slice(0, at) + letter + word.slice(at + 1);
      if (how === 'leave') return word.slice(0, at) + word.slice(at + 1);
      if (how === 'add') return word.slice(0, at) + letter + word.slice(at);
      return word.slice(0, at) + (word[at + 1] ?? '') + word[at] + word.slice(at + 2);
    };
    fc.assert(
      fc.property(letters, edit, edit, (word, first, second) => {
        const once = apply(word, first);
        expect(found(word, [once])).toEqual([once]);
        // The second one is made behind the first, or they could be more than two together.
        if (word.length >= 8) expect(found(word, [apply(word.slice(0, 4), first) + apply(word.slice(4), second)])).toHaveLength(1);
      }),
    );
  });
});

test('why an item was found: each word in the fields that hold it best', () => {
  const fields = [
    ['key', 'pattern/auth/cookie'],
    ['lessons', 'refesh tokens, cookies'],
  ] as const;
  expect(explain(fields, ['cookie', 'refresh', 'auth', 'nothing'], new Set(['refresh']))).toEqual([
    { word: 'cookie', found: 'cookie', field: 'key', how: 'word' },
    { word: 'refresh', found: 'refesh', field: 'lessons', how: 'typo' },
    { word: 'auth', found: 'auth', field: 'key', how: 'word' },
  ]);
  expect(explain(fields, ['refresh'], new Set())).toEqual([]);
});

test('a snippet shows the first word that was looked for, on one line', () => {
  const long = `${'lorem ipsum '.repeat(20)}\nthe refresh token rotates ${'dolor sit '.repeat(20)}`;
  const piece = snippet(long, ['refresh'], 60);
  expect(piece).toMatch(/^….*refresh token rotates.*…$/);
  expect(snippet('short\n text', ['x'], 60)).toBe('short text');
});

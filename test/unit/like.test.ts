import fc from 'fast-check';
import { expect, test } from 'vitest';
import { likeMatcher } from '../../src/core/memory/like.ts';

test.each([
  ['pattern/%', 'pattern/auth-system/jwt', true],
  ['pattern/%', 'my/pattern/x', false],
  ['%/jwt%', 'pattern/auth/jwt-tokens', true],
  ['a_c', 'abc', true],
  ['a_c', 'a😀c', true],
  ['a_c', 'ac', false],
  ['a\\_c', 'abc', false],
  ['a\\_c', 'a_c', true],
  ['100\\%', '100%', true],
  ['%', '', true],
  ['', '', true],
  ['', 'a', false],
  ['API%', 'api-contract', true],
])('%s on %s', (pattern, text, expected) => {
  expect(likeMatcher(pattern)(text)).toBe(expected);
});

test('agrees with the same pattern as a regular expression', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '.', '*'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (pattern, text) => {
      const source = pattern.replace(/[.*]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.');
      expect(likeMatcher(pattern)(text)).toBe(new RegExp(`^${source}$`, 's').test(text));
    }),
  );
});

test('a pattern of many wildcards costs no exponential time', () => {
  expect(likeMatcher(`${'%a'.repeat(200)}b`)('a'.repeat(5000))).toBe(false);
});

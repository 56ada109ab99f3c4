import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatcher } from '../../src/core/routing/glob.ts';

test.each([
  ['*.ts', ['a.ts', '.ts'], ['src/a.ts', 'a.tsx']],
  ['**/*.ts', ['a.ts', 'src/a.ts', 'a/b/c.ts'], ['a.js']],
  ['src/**', ['src/a', 'src/a/b'], ['src', 'srcs/a', 'a/src/b']],
  ['src/', ['src/a', 'src/a/b'], ['src']],
  ['./src/*.js', ['src/a.js'], ['src/b/a.js']],
  ['/package.json', ['package.json'], ['a/package.json']],
  ['a?c', ['abc', 'a.c'], ['a/c', 'ac']],
  ['*.config.{js,ts}', ['vite.config.ts', '.config.js'], ['vite.config.mjs']],
  ['{a,b{c,d}}/x', ['a/x', 'bc/x', 'bd/x'], ['b/x']],
  ['[a-c]x', ['ax', 'cx'], ['dx', '/x']],
  ['[!a-c]x', ['dx'], ['ax', '/x']],
  ['{a}', ['{a}'], ['a']],
  ['a[b', ['a[b'], ['ab']],
  ['a\\*b', ['a*b'], ['axb']],
  ['a+(b)|c.d$', ['a+(b)|c.d$'], ['aab']],
  ['[z-a]', [], ['z', '-']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
  ['**', ['a', 'a/b', '.x/y'], []],
  ['a**b', ['axxb'], ['a/b']],
])('%s', (pattern, yes, no) => {
  const matches = globMatcher([pattern]);
  for (const path of yes) expect(matches(path), path).toBe(true);
  for (const path of no) expect(matches(path), path).toBe(false);
});

test('no pattern matches nothing, several match what either does', () => {
  expect(globMatcher([])('a')).toBe(false);
  expect(globMatcher(['a', 'b'])('b')).toBe(true);
});

test('any pattern compiles, and an escaped path matches itself only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (pattern, path) => {
      globMatcher([pattern])(path);
    }),
  );
  const path = fc.array(fc.stringMatching(/^[^/\0]{1,8}$/), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(path, path, (one, other) => {
      const matches = globMatcher([one.replace(/[\\*?[\]{}]/g, '\\$&').replace(/^\.\//, '\\./')]);
      expect(matches(one)).toBe(true);
      expect(matches(other)).toBe(one === other);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasBlock, hookBlock, withBlock, withoutBlock } from '../../src/core/hooks/hook-block.ts';

test('a new script is ours alone, and goes when the block goes', () => {
  const script = withBlock(null, 'pre-commit');
  expect(script).toBe(`#!/bin/sh\n${hookBlock('pre-commit')}`);
  expect(withoutBlock(script)).toBeNull();
});

test('the block stands after the shebang and before everything that may leave the script', () => {
  const script = '#!/usr/bin/env sh\n. "$(dirname "$0")/_/husky.sh"\nnpx lint-staged\nexec npm test\n';
  const lines = withBlock(script, 'pre-commit').split('\n');
  expect(lines[0]).toBe('#!/usr/bin/env sh');
  expect(lines[1]).toBe('# >>> git-session >>>');
  expect(withBlock('exec npm test\n', 'pre-push').startsWith('# >>>')).toBe(true);
});

test('in and out again leaves a script byte for byte, and a second time in changes nothing', () => {
  const script = fc
    .array(fc.constantFrom('#!/bin/sh', 'npm test', '', 'exec x', '# >>> other >>>', 'a\r'), { minLength: 1 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(script, (text) => {
      const once = withBlock(text, 'commit-msg');
      expect(hasBlock(once)).toBe(true);
      expect(withBlock(once, 'commit-msg')).toBe(once);
      const back = withoutBlock(once);
      if (text !== '' && text !== '#!/bin/sh\n') expect(back).toBe(text);
      expect(withoutBlock(text)).toBe(text);
    }),
  );
});

test('an older block is replaced where it stands', () => {
  const old = 'first\n# >>> git-session >>>\nold\n# <<< git-session <<<\nlast\n';
  expect(withBlock(old, 'pre-push')).toBe(`first\n${hookBlock('pre-push')}last\n`);
});

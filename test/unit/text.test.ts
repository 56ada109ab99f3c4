import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, hasUnsafe, oneLine, timeText, visible } from '../../src/core/text/text.ts';

describe('text of others, made safe', () => {
  test('control and reordering characters become visible', () => {
    expect(visible('a\u001b[31mred\u0007')).toBe('a^[[31mred^G');
    expect(visible('x\u202egpj.exe')).toBe('x\\u{202e}gpj.exe');
    expect(visible('a\nb', '\n')).toBe('a\nb');
    expect(visible('a\nb')).toBe('a^Jb');
    expect(visible('\u009b31m')).toBe('\\u{9b}31m');
  });

  test('whatever comes in, nothing unsafe comes out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hasUnsafe(visible(text))).toBe(false);
        expect(hasUnsafe(oneLine(text))).toBe(false);
      }),
    );
  });

  test('one line is at most as long as said, in code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 50 }), (text, max) => {
        expect([...oneLine(text, max)].length).toBeLessThanOrEqual(max);
      }),
    );
    expect(oneLine('  a\n\n b ', 10)).toBe('a b');
    expect(oneLine('emoji 😀😀😀', 8)).toBe('emoji 😀…');
  });

  test('counts agree in number', () => {
    expect([count(0, 'file'), count(1, 'file'), count(2, 'entry', 'entries')]).toEqual(['0 files', '1 file', '2 entries']);
  });
});

test('times are told to the minute, in UTC; what is none stands as it is, safe', () => {
  expect(timeText('2025-11-17T14:30:22.000Z')).toBe('2025-11-17 14:30 UTC');
  expect(timeText('2025-11-17T01:30:22+02:00')).toBe('2025-11-16 23:30 UTC');
  expect(timeText('soon\u001b[31m')).toBe('soon^[[31m');
});

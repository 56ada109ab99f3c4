import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTrailers, trailers } from '../../src/core/session/trailers.ts';

describe('trailers', () => {
  test('round trip, several values of one key, empty ones left out', () => {
    const block = trailers([
      ['Session-Id', 'session-20261122-120000-auth'],
      ['Session-Task', 'a'],
      ['Session-Task', 'b'],
      ['Session-Agent', null],
      ['Session-Note', '   '],
    ]);
    expect(block).toBe('Session-Id: session-20261122-120000-auth\nSession-Task: a\nSession-Task: b\n');
    expect([...parseTrailers(`subject\n\n${block}`)]).toEqual([
      ['Session-Id', ['session-20261122-120000-auth']],
      ['Session-Task', ['a', 'b']],
    ]);
  });

  test('no value forges another trailer or paragraph', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (task, agent) => {
        const message = `subject\n\n${trailers([
          ['Session-Id', 'x'],
          ['Session-Task', `${task}\n\nApproved-By: Boss\nSession-Id: y`],
          ['Session-Agent', agent],
        ])}`;
        const found = parseTrailers(message);
        expect(found.get('Session-Id')).toEqual(['x']);
        expect(found.get('Session-Task')).toHaveLength(1);
        expect(found.has('Approved-By')).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test('a malformed key is a mistake of the caller', () => {
    expect(() => trailers([['Session Id', 'x']])).toThrow(TypeError);
    expect(() => trailers([['a:\nb', 'x']])).toThrow(TypeError);
  });

  test.each([
    ['the subject is no trailer', 'Session-Id: x', 0],
    ['nor is a paragraph before the last', 'subject\n\nSession-Id: x\n\nbody text\n', 0],
    ['nor a paragraph of prose with a colon line', 'subject\n\nSome words of prose\nSession-Id: x\n', 0],
    ['beside a line that git wrote, prose is allowed', 'subject\n\nSession-Id: x\nsome words\nSigned-off-by: D <d@e.f>\n', 2],
    ['CRLF', 'subject\r\n\r\nSession-Id: x\r\n', 1],
    ['a folded value', 'subject\n\nSession-Task: a\n  long one\n', 1],
    ['blank lines with spaces separate', 'subject\n \t\nSession-Id: x\n', 1],
  ])('%s', (_name, message, keys) => {
    expect(parseTrailers(message).size).toBe(keys);
  });

  test('a hostile message costs no more than its length', () => {
    const start = performance.now();
    for (const text of [
      ' \n'.repeat(100_000),
      ' \t'.repeat(200_000),
      'k: v\n'.repeat(50_000),
      'x\n \t'.repeat(100_000),
      `k:${' '.repeat(200_000)}x`,
    ]) {
      parseTrailers(`a\n\n${text}x`);
      parseTrailers(`a\n${text}x`);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

/** Lines that are searched without being read: the same answers as of a map. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesNaming } from '../../src/core/log/lines-naming.ts';
import { keysIn, sortedLines, valueIn } from '../../src/core/text/sorted-lines.ts';

const key = fc.stringMatching(/^[^\s\p{C}]{1,6}$/u);
const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));

test('every key has its value, and no other key has any', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 40 }), key, (rows, other) => {
      const lines = sortedLines(Object.entries(rows));
      for (const [name, held] of Object.entries(rows)) expect(valueIn(lines, name)).toBe(held);
      expect(valueIn(lines, other)).toBe(Object.hasOwn(rows, other) ? (rows[other] ?? '') : null);
      for (const beginning of [other, other.slice(0, 1), '']) {
        expect(keysIn(lines, beginning)).toEqual(
          Object.keys(rows)
            .filter((name) => name.startsWith(beginning))
            .sort(),
        );
      }
    }),
  );
});

test('bytes that are no sorted lines give an answer, too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), key, (bytes, name) => {
      const lines = Buffer.from(bytes);
      expect([null, 'string']).toContain(valueIn(lines, name) === null ? null : 'string');
      expect(keysIn(lines, name)).toBeInstanceOf(Array);
    }),
  );
});

test('of a log no line is missed that holds a mark or one of the names, however JSON wrote it', () => {
  const name = fc.constantFrom('pattern/a/b', 'jwt "quoted"', 'ä-ö', 'back\\slash', '\ud800lone', '\ufffd');
  const spelled = fc.tuple(name, fc.constantFrom('plain', 'escaped', 'slashed')).map(([text, way]) => {
    if (way === 'escaped') return `"${[...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
    return way === 'slashed' ? JSON.stringify(text).replaceAll('/', '\\/') : JSON.stringify(text);
  });
  const line = fc.oneof(
    spelled.map((text) => `{"key":${text}}`),
    fc.constantFrom('{"kind":"closeout.approved"}', '{"kind":"session.abandoned"}', '{"kind":"file.edited"}', '', 'torn {"kin'),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(name, { minLength: 1, maxLength: 3 }), fc.boolean(), (lines, names, ended) => {
      const text = lines.join('\n') + (ended ? '\n' : '');
      const kept = linesNaming(Buffer.from(text), names, ['"closeout.', '"session.']).split('\n');
      const told = (row: string) =>
        /"(?:closeout|session)\.\w+"/.test(row) || names.some((word) => said(row).includes(JSON.stringify(word)));
      const wanted = Buffer.from(text).toString('utf8').split('\n').filter(told);
      expect(kept.filter(told)).toEqual(wanted);
    }),
  );
});

/** A line as JSON writes it in one way. */
function said(row: string): string {
  try {
    return JSON.stringify(JSON.parse(row));
  } catch {
    return row;
  }
}

/** The pure pieces below the screens: places in lists, trees, timelines, lines of diffs. */

import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columns } from '../../src/core/text/columns.ts';
import { numberText } from '../../src/core/text/text.ts';
import { diffTone, newLineAt } from '../../src/tui/diff-lines.ts';
import { treeLines } from '../../src/tui/file-tree.ts';
import { lazyLines } from '../../src/tui/lazy-lines.ts';
import { type Move, moved, settled } from '../../src/tui/place.ts';
import { parseCommand } from '../../src/tui/plain-commands.ts';
import { cell, cutTo, span, spread, widthOf } from '../../src/tui/rows.ts';
import { timeline } from '../../src/tui/timeline.ts';
import { minutesText, secondsText } from '../../src/tui/words.ts';

describe('a place in a list', () => {
  const moves = fc.array(fc.constantFrom<Move>('up', 'down', 'page-up', 'page-down', 'home', 'end'), { maxLength: 40 });

  test('stays inside whatever is pressed, and every line can be brought into sight', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), moves, (stand, height, keys) => {
        const extent = { count: stand.length, height, stands: (i: number) => stand[i] === true };
        let place = { cursor: 0, top: 0 };
        for (const key of keys) {
          place = moved(place, key, extent);
          expect(place.top).toBeGreaterThanOrEqual(0);
          expect(place.top).toBeLessThanOrEqual(Math.max(0, stand.length - height));
          if (stand.length > 0) expect(place.cursor).toBeLessThan(stand.length);
        }
        const seen = new Set<number>();
        place = moved(place, 'home', extent);
        for (let n = 0; n <= stand.length * 2; n++) {
          for (let i = place.top; i < Math.min(stand.length, place.top + height); i++) seen.add(i);
          place = moved(place, 'down', extent);
        }
        expect(seen.size).toBe(stand.length);
      }),
    );
  });

  test('the cursor goes from target to target and is in sight after a step', () => {
    const stand = [false, true, false, true, false, false, false, false, true];
    const extent = { count: stand.length, height: 4, stands: (i: number) => stand[i] === true };
    let place = settled({ cursor: 0, top: 0 }, extent);
    const way = [place.cursor];
    for (let n = 0; n < 7; n++) {
      place = moved(place, 'down', extent);
      way.push(place.cursor);
    }
    expect(way).toEqual([1, 3, 3, 3, 3, 3, 8, 8]);
  });
});

test('a tree counts what is below each folder, draws chains as one, and hides what is folded', () => {
  const file = (shown: string, added: number) => ({
    path: shown,
    shown,
    status: 'added' as const,
    lines: { added, removed: 1 },
    note: null,
  });
  const files = [file('src/a/b/one.js', 1), file('src/a/b/two.js', 2), file('docs/x.md', 3), file('top.md', 4)];
  const shown = (folded: (path: string) => boolean) =>
    treeLines(files, folded).map((line) =>
      line.kind === 'folder'
        ? `${'  '.repeat(line.depth)}${line.name}/ ${line.files} +${line.added} -${line.removed}`
        : `${'  '.repeat(line.depth)}${line.name}`,
    );
  expect(shown(() => false)).toEqual(['docs/ 1 +3 -1', '  x.md', 'src/a/b/ 2 +3 -2', '  one.js', '  two.js', 'top.md']);
  expect(shown((path) => path === 'src/a/b')).toEqual(['docs/ 1 +3 -1', '  x.md', 'src/a/b/ 2 +3 -2', 'top.md']);
  // Numbers by their value.
  const numbered = treeLines(
    ['f1000', 'f120', 'f9'].map((name) => file(name, 1)),
    () => false,
  );
  expect(numbered.map(({ name }) => name)).toEqual(['f9', 'f120', 'f1000']);
});

test('a timeline is full where somebody worked, light where no end was recorded, and has its width', () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  const span = { from: 0, to: 10 * 60_000, width: 10 };
  expect(timeline([{ started_at: at(2), finished_at: at(5) }], span)).toBe('··███·····');
  expect(timeline([{ started_at: at(8), finished_at: null }], span)).toBe('········░░');
  expect(timeline([{ started_at: at(3), finished_at: at(3) }], span)).toBe('···█······');
  expect(timeline([{ started_at: 'never', finished_at: at(3) }], span)).toBe('··········');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -5, max: 20 }), fc.option(fc.integer({ min: -5, max: 20 })))),
      fc.integer({ min: 1, max: 80 }),
      (list, width) => {
        const stretches = list.map(([from, to]) => ({ started_at: at(from), finished_at: to === null ? null : at(to) }));
        expect(timeline(stretches, { ...span, width })).toMatch(new RegExp(`^[·█░]{${width}}$`));
      },
    ),
  );
});

test('lines of a diff have a tone and a place in the new file', () => {
  const lines = ['diff --git a/x b/x', '--- a/x', '+++ b/x', '@@ -1,3 +10,4 @@', ' a', '-b', '+c', '+d', ' e', '@@ -40 +50 @@', '-f', '+g'];
  expect(lines.map(diffTone)).toEqual(['dim', 'dim', 'dim', 'accent', 'plain', 'bad', 'good', 'good', 'plain', 'accent', 'bad', 'good']);
  expect(lines.map((_, i) => newLineAt(lines, i))).toEqual([null, null, null, 10, 10, 11, 11, 12, 13, 50, 50, 50]);
});

test('rows are cut and spread to a width in columns, wide characters counted', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', '日', ' ', 'é', '✅') })),
      fc.string({ maxLength: 8 }),
      fc.integer({ min: 12, max: 60 }),
      (texts, right, width) => {
        const row = texts.map((text) => span(text));
        expect(widthOf(cutTo(row, width))).toBeLessThanOrEqual(width);
        expect(widthOf(spread(row, [span(right.replace(/[^ -~]/g, ''))], width))).toBe(width);
        expect(columns(cell(texts.join(''), width))).toBe(width);
      },
    ),
  );
});

test('figures in words', () => {
  expect([4, 400, 12_000, 125_000, null].map(secondsText)).toEqual(['4 ms', '0.4 s', '12 s', '2 min 5 s', 'not recorded']);
  expect([0.5, 59, 125, null].map(minutesText)).toEqual(['0.5 min', '59 min', '2 h 5 min', 'not recorded']);
  expect([0, 999, 1200, 1234567].map(numberText)).toEqual(['0', '999', '1,200', '1,234,567']);
});

test('a text is read only as far as somebody looks, and whole where they go to its end', async () => {
  const chunks = Array.from({ length: 500 }, (_, n) =>
    Buffer.from(Array.from({ length: 100 }, (_, i) => `line ${n * 100 + i}\n`).join('')),
  );
  let given = 0;
  const stream = new Readable({
    highWaterMark: 4096,
    read() {
      this.push(chunks[given++] ?? null);
    },
  });
  let more = () => {};
  const source = lazyLines(stream, { onMore: () => more(), stop: () => {} });
  const until = (is: () => boolean) =>
    new Promise<void>((resolve) => {
      more = () => is() && resolve();
      more();
    });
  await until(() => source.lines.length >= 400);
  expect(source.done).toBe(false);
  expect(source.lines.length).toBeLessThan(2000);
  source.want(Number.MAX_SAFE_INTEGER);
  await until(() => source.done);
  expect(source.lines).toHaveLength(50_000);
  expect(source.lines[49_999]).toBe('line 49999');
});

test('commands beside an answer', () => {
  expect(parseCommand('diff src/a b.js')).toEqual({ name: 'diff', argument: 'src/a b.js' });
  expect(parseCommand('show 3')).toEqual({ name: 'show', argument: '3' });
  expect(parseCommand('edit')).toEqual({ name: 'edit', argument: '' });
  expect(parseCommand('since')).toEqual({ name: 'since', argument: '' });
  for (const answer of ['yes', 'no', 'leave', 'diff', 'show me', 'different']) expect(parseCommand(answer)).toBeNull();
});

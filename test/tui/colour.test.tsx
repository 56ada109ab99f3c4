/** With colour every screen says the same as without: colour is never alone. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { frame } from '../../src/tui/frame.ts';
import { SCREENS } from '../../src/tui/state.ts';
import { stateOf } from '../support/review-state.ts';
import { richData } from '../support/rich-review.ts';

let draw: (tab: number, columns: number, rows: number) => string;

beforeAll(async () => {
  // Ink's colours look at the environment once, when they are loaded.
  delete process.env.NO_COLOR;
  process.env.FORCE_COLOR = '1';
  const [{ renderToString }, { Rows }] = await Promise.all([import('ink'), import('../../src/tui/screen.tsx')]);
  draw = (tab, columns, rows) => renderToString(<Rows rows={frame({ ...stateOf(richData(), { columns, rows }), tab })} />, { columns });
});

const SIZES = [
  [60, 20],
  [80, 24],
  [140, 40],
] as const;

test.each(SCREENS.map(({ name }, tab) => ({ name, tab })))('$name', ({ name, tab }) => {
  for (const [columns, rows] of SIZES) {
    const coloured = draw(tab, columns, rows);
    const plain = stripVTControlCharacters(coloured)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
    expect(`${plain}\n`).toBe(readFileSync(join(import.meta.dirname, 'frames', `${name.toLowerCase()}-${columns}.txt`), 'utf8'));
    expect(coloured).toContain(`\u001b[36m[${tab + 1} ${name}]\u001b[39m`);
  }
});

test('tones: what passed is green, what failed and is not required yellow, what is chosen bold', () => {
  const checks = draw(5, 80, 24);
  expect(checks).toContain('\u001b[32m\u2713 \u001b[39m\u001b[1mtests\u001b[22m');
  expect(checks).toContain('\u001b[33m\u2717 \u001b[39m\u001b[1mlint\u001b[22m');
  expect(draw(2, 80, 24)).toContain('\u001b[36m\u276f  \u25be \u001b[39m\u001b[1mcode/auth/');
});

test('NO_COLOR: none, on a terminal that has colours', () => {
  process.env.NO_COLOR = '1';
  try {
    const screens = [...SCREENS.keys()].map((tab) => draw(tab, 80, 24)).join('\n');
    for (const colour of [31, 32, 33, 36]) expect(screens).not.toContain(`\u001b[${colour}m`);
  } finally {
    delete process.env.NO_COLOR;
  }
});

/** Every screen as Ink draws it, at three widths: the frames stand in `frames/` to be looked at. */

import { join } from 'node:path';
import { renderToString } from 'ink';
import { describe, expect, test } from 'vitest';
import { columns } from '../../src/core/text/columns.ts';
import { after, emptyReview } from '../../src/tui/data.ts';
import { frame } from '../../src/tui/frame.ts';
import { wholeText } from '../../src/tui/lazy-lines.ts';
import { START } from '../../src/tui/place.ts';
import { Rows } from '../../src/tui/screen.tsx';
import { SCREENS, type State } from '../../src/tui/state.ts';
import { afterKeys, stateOf } from '../support/review-state.ts';
import { DIFF, richData } from '../support/rich-review.ts';

const SIZES = [
  { columns: 60, rows: 20 },
  { columns: 80, rows: 24 },
  { columns: 140, rows: 40 },
];

const pager = {
  title: 'src/app.js',
  kind: 'diff' as const,
  source: wholeText(DIFF),
  place: START,
  atEnd: false,
  left: 0,
  path: 'src/app.js',
};
const waiting = { ...richData(), ...emptyReview(richData()) };
const running = [
  { phase: 'planned', checks: richData().checks.map(({ name, source, required }) => ({ name, source, required })) } as const,
  { phase: 'finished', check: 'secrets', result: richData().checks.find(({ name }) => name === 'secrets')?.result ?? null } as const,
  { phase: 'started', check: 'tests' } as const,
  { phase: 'output', check: 'tests', line: '\u001b[32mok 12\u001b[39m - adds up\u0007' } as const,
].reduce(
  (data, check) => after(data, { kind: 'check', check, at: Date.parse('2025-11-17T14:45:48.000Z') }),
  after(waiting, { kind: 'found', review: { ...(richData().review as NonNullable<State['data']['review']>), outputs: new Map() } }),
);

/** What is shown, by the name of its file. */
const SHOWN: Record<string, (size: State['size']) => State> = {
  ...Object.fromEntries(
    SCREENS.map(({ name }, tab) => [name.toLowerCase(), (size: State['size']) => ({ ...stateOf(richData(), size), tab })]),
  ),
  opening: (size) => stateOf(waiting, size),
  running: (size) => ({ ...stateOf(running, size), tab: 5 }),
  question: (size) => afterKeys(stateOf(richData(), size), 'a').state,
  diff: (size) => ({ ...stateOf(richData(), size), tab: 2, pager }),
  help: (size) => afterKeys(stateOf(richData(), size), '?').state,
};

describe.each(Object.entries(SHOWN))('%s', (name, make) => {
  test.each(SIZES)('at $columns columns', async (size) => {
    const state = make(size);
    const text = renderToString(<Rows rows={frame(state)} />, { columns: size.columns });
    const lines = text.split('\n');
    expect(lines).toHaveLength(size.rows - 1);
    for (const line of lines) expect(columns(line), line).toBeLessThanOrEqual(size.columns);
    // What agents wrote cannot move the cursor, or hide what is written.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/);
    const trimmed = lines.map((line) => line.trimEnd()).join('\n');
    await expect(`${trimmed}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'frames', `${name}-${size.columns}.txt`));
  });
});

test('nothing moves while it fills in: every label of the first screen keeps its row', () => {
  const rows = (state: State) =>
    frame(state).map((row) => /^ {2}([A-Z][a-z ]+?) {2,}/.exec(row.map(({ text }) => text).join(''))?.[1] ?? null);
  const size = { columns: 80, rows: 24 };
  const [empty, filling, full] = [waiting, running, richData()].map((data) => rows(stateOf(data, size)));
  expect(empty?.filter(Boolean)).toContain('Recommendation');
  for (const later of [filling, full])
    for (const [i, label] of (empty ?? []).entries())
      if (label && label !== 'Signature' && label !== 'Not recorded') expect(later?.[i]).toBe(label);
});

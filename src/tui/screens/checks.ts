/** Checks with what they came to; each opens its output, and can be run again. */

import { stripVTControlCharacters } from 'node:util';
import type { ReviewFacts } from '../../core/closeout/review.ts';
import { UNTESTED, untested } from '../../core/documents/summary.ts';
import type { CheckResult } from '../../core/policy/policy.ts';
import { oneLine } from '../../core/text/text.ts';
import type { CheckRow } from '../data.ts';
import { type Line, paragraph, plainLine, type ScreenTone, span, spread } from '../rows.ts';
import { minutesText, momentText, secondsText, UNKNOWN } from '../words.ts';
import type { Screen, View } from './view.ts';

export const checksScreen: Screen = (view) => {
  const { data, width } = view;
  if (data.checks.length === 0) return paragraph(data.stage === 'ready' ? 'No check was recorded.' : 'Not known yet.', width, 'dim');
  const loud = data.review && untested(data.review.facts) ? paragraph(`! ${UNTESTED}`, width, 'warn') : [];
  return [...setupLines(view), ...loud, ...data.checks.flatMap((row) => checkLines(row, view))];
};

/** Mark and tone of a check: never colour alone. */
function markOf({ state, result, required }: CheckRow): [string, ScreenTone] {
  if (state === 'waiting') return ['\u25cb', 'dim'];
  if (state === 'running') return ['\u25cf', 'accent'];
  if (result === null) return ['\u2013', 'dim'];
  if (result.status === 'passed') return result.reused_from === null ? ['\u2713', 'good'] : ['~', 'warn'];
  if (result.status === 'not-needed') return ['\u2013', 'dim'];
  return ['\u2717', required ? 'bad' : 'warn'];
}

function setupLines({ data, now, width }: View): Line[] {
  const { setup } = data;
  if (setup?.state !== 'running') return [];
  return [...paragraph(`Setting up (${secondsText(now - (setup.began ?? now))})`, width, 'accent'), ...lastLine(setup, width), plainLine()];
}

function checkLines(row: CheckRow, { data, now, width }: View): Line[] {
  const [mark, tone] = markOf(row);
  const { result } = row;
  const time = row.state === 'running' ? secondsText(now - (row.began ?? now)) : result && result.source === 'policy' ? timeOf(result) : '';
  return [
    {
      target: `check:${row.name}`,
      draw: () =>
        spread(
          [
            span(`${mark} `, tone),
            span(oneLine(row.name, 80), 'heading'),
            span(row.required ? '' : ' (not required)', 'dim'),
            span(`  ${stateText(row)}`, tone),
          ],
          [span(time, 'dim')],
          width - 3,
        ),
    },
    ...(result === null ? lastLine(row, width) : resultLines(result, data.review, width)),
  ];
}

const timeOf = (result: CheckResult) =>
  result.status === 'not-needed' ? '' : result.duration_ms === null ? `time ${UNKNOWN}` : secondsText(result.duration_ms);

function stateText({ state, result }: CheckRow): string {
  return result === null ? (state === 'done' ? UNKNOWN : state) : result.status.replaceAll('-', ' ');
}

function lastLine({ state, lines }: CheckRow, width: number): Line[] {
  const last = lines.findLast((line) => line.trim() !== '') ?? '';
  if (state !== 'running') return [plainLine()];
  return [plainLine(...spread([span(`     \u2502 ${oneLine(stripVTControlCharacters(last), 400)}`, 'dim')], [], width))];
}

/** That it did not run again, with its age where the review is known. */
function reusedText(from: string, review: ReviewFacts | null): string {
  const minutes = review ? Math.floor((Date.parse(review.facts.closed_at) - Date.parse(from)) / 60_000) : Number.NaN;
  const age = minutes >= 0 ? `, ${minutesText(minutes)} old` : '';
  return `From this machine's cache, not run again; of ${momentText(from)}${age}`;
}

function resultLines(result: CheckResult, review: ReviewFacts | null, width: number): Line[] {
  const { tests, coverage, inputs_changed, reused_from } = result;
  const figures = [
    tests === null
      ? `tests ${UNKNOWN}`
      : `tests ${tests.passed} of ${tests.total} passed, ${tests.failed} failed, ${tests.skipped} skipped`,
    coverage === null ? `coverage ${UNKNOWN}` : `coverage ${coverage} %`,
    ...(result.exit_code === null ? [] : [`exit ${result.exit_code}`]),
  ];
  const printed = result.source === 'policy' ? review?.outputs.get(result.name) : undefined;
  return [
    ...(inputs_changed.length > 0
      ? paragraph(`This session changed what it runs: ${inputs_changed.map((path) => oneLine(path)).join(', ')}`, width, 'warn', 5)
      : []),
    ...paragraph(oneLine(result.detail, 600), width, 'plain', 5),
    ...(result.source === 'policy' && result.status !== 'not-needed' ? paragraph(figures.join(' \u00b7 '), width, 'dim', 5) : []),
    ...(reused_from === null ? [] : paragraph(reusedText(reused_from, review), width, 'warn', 5)),
    ...(printed?.lines ?? []).flatMap((line) => paragraph(`\u2502 ${oneLine(line)}`, width, 'dim', 5)),
  ];
}

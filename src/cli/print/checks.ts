/** Results of checks for people: a table, and below each row what it needs to be understood. */

import type { CheckResult } from '../../core/policy/policy.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { ago } from '../ago.ts';
import type { Io, Style } from '../io.ts';

const STYLE: Record<CheckResult['status'], Style> = {
  passed: 'green',
  failed: 'red',
  'timed-out': 'red',
  'not-recorded': 'yellow',
  'not-run': 'yellow',
  'not-needed': 'dim',
};

/** The end of a kept output, safe to print, and where all of it is. */
export type ReadLog = (sha256: string) => { lines: string[]; log: string };

/** Prints every result; below one that did not pass, the end of its output. */
export function printChecks(io: Io, checks: readonly CheckResult[], readLog: ReadLog): void {
  const rows = checks.map((check) => [oneLine(check.name, 40), check.status, time(check), tests(check), coverage(check)]);
  const width = (column: number) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length), 0);
  const widths = [0, 1, 2, 3, 4].map(width);
  for (const [n, check] of checks.entries()) {
    const cells = (rows[n] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const [name = '', status = '', ...figures] = cells;
    const notes = [check.required ? '' : 'not required', check.reused_from === null ? '' : reused(check.reused_from)].filter(Boolean);
    io.say(`${name}  ${io.paint(STYLE[check.status], status)}  ${figures.join('  ')}  ${io.paint('dim', notes.join(', '))}`.trimEnd());
    for (const input of check.inputs_changed) io.say(`    ${io.paint('yellow', `the session changed ${oneLine(input, 160)}`)}`);
    if (check.status !== 'passed' || check.source === 'policy') io.say(`    ${io.paint('dim', oneLine(check.detail, 300))}`);
    // What a built-in check found stands in its line.
    if (check.status === 'passed' || check.source === 'built-in' || !check.log_sha256) continue;
    const { lines, log } = readLog(check.log_sha256);
    for (const line of lines) io.say(`    ${io.paint('dim', `\u2502 ${line}`)}`);
    io.say(`    ${io.paint('dim', `The whole output: ${oneLine(log, 300)}`)}`);
  }
}

function time({ duration_ms }: CheckResult): string {
  return duration_ms === null ? '-' : duration_ms < 100 ? `${duration_ms} ms` : `${(duration_ms / 1000).toFixed(1)} s`;
}

function tests({ tests }: CheckResult): string {
  if (!tests) return '-';
  return tests.passed === tests.total ? count(tests.total, 'test') : `${tests.passed} of ${count(tests.total, 'test')}`;
}

function coverage({ coverage }: CheckResult): string {
  return coverage === null ? '-' : `${coverage} %`;
}

const reused = (at: string) => `from this machine's cache, not run again; ran ${ago(Date.now() - Date.parse(at))}`;

/** Line coverage from reports and from tables that runners print. Pure. */

import { asObject, parseJson } from '../text/json.ts';

/** Lines of a report. */
export interface Lines {
  covered: number;
  total: number;
}

/** Percent, 0 to 100 with two decimals, of all reports together; null where they hold no line. */
export function percent(reports: readonly Lines[]): number | null {
  const covered = reports.reduce((n, one) => n + one.covered, 0);
  const total = reports.reduce((n, one) => n + one.total, 0);
  return total > 0 && covered >= 0 && covered <= total && Number.isSafeInteger(total) ? Math.round((covered / total) * 10_000) / 100 : null;
}

/** istanbul's `coverage-summary.json`; null where it is none. */
export function readJsonSummary(text: string): Lines | null {
  const lines = asObject(asObject(asObject(parseJson(text))?.total)?.lines);
  const { covered, total } = lines ?? {};
  return isCount(covered) && isCount(total) && covered <= total ? { covered, total } : null;
}

/** lcov tracefile; null where it is none. `DA` lines count where a file has no `LF`. */
export function readLcov(text: string): Lines | null {
  const sum: Lines = { covered: 0, total: 0 };
  let files = 0;
  for (const part of text.split(/^end_of_record\s*$/m)) {
    if (!/^SF:/m.test(part)) continue;
    files++;
    const hit = new Map<string, boolean>();
    for (const [, line = '', n = '0'] of part.matchAll(/^DA:(\d+),(-?\d+)/gm)) hit.set(line, (hit.get(line) ?? false) || Number(n) > 0);
    const found = /^LF:(\d+)\s*$/m.exec(part)?.[1];
    const covered = /^LH:(\d+)\s*$/m.exec(part)?.[1];
    sum.total += found === undefined ? hit.size : Number(found);
    sum.covered += covered === undefined ? [...hit.values()].filter(Boolean).length : Number(covered);
  }
  return files > 0 && sum.covered <= sum.total && isCount(sum.total) ? sum : null;
}

/**
 * The "all files" line of the tables of `node --test`, c8, jest and vitest: percent of lines. Null where there is no
 * table, and where there are several, which cannot be weighed.
 */
export function readCoverageTable(lines: readonly string[]): number | null {
  const found: number[] = [];
  let column = -1;
  for (const line of lines) {
    if (!line.includes('|')) continue;
    const cells = line
      .replace(/^(?:ℹ|#)\s?/, '')
      .split('|')
      .map((cell) => cell.trim().toLowerCase());
    if (cells[0] === 'file') column = cells.findIndex((cell) => cell === 'line %' || cell === '% lines');
    else if (cells[0] === 'all files' && column > 0) found.push(Number(cells[column] || Number.NaN));
  }
  const [only, second] = found;
  return only !== undefined && second === undefined && only >= 0 && only <= 100 ? only : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The files that a check is to write: gone before it runs, read after. */

import { lstatSync, readFileSync } from 'node:fs';
import type { CheckPolicy } from '../../core/policy.ts';
import type { TestCounts } from '../../core/reports/counts.ts';
import { sumCounts } from '../../core/reports/counts.ts';
import { type Lines, percent, readJsonSummary, readLcov } from '../../core/reports/coverage.ts';
import { readTapReport } from '../../core/reports/output.ts';
import { placeIn, removeTree } from './place.ts';

type Reports = CheckPolicy['reports'];

/** A report is read up to this size. */
const MAX_BYTES = 64 << 20;

export interface ReportFigures {
  /** Null where no TAP report is declared, or one was not written. */
  tests: TestCounts | null;
  /** Percent of lines; null where no coverage report is declared, or one was not written. */
  coverage: number | null;
  /** Declared and not written by this run, or not readable as what they are. */
  missing: Reports;
}

/** Deletes what lies at the declared places, tracked in the tree or not. A place that a link leads out of the tree is left alone. */
export function clearReports(tree: string, reports: Reports): void {
  for (const { path } of reports) {
    const place = placeIn(tree, path);
    if (place !== null) removeTree(place);
  }
}

/** The figures of the declared reports. One that is missing leaves its figure unknown: the others alone would be another figure. */
export function readReports(tree: string, reports: Reports, isFile: (name: string) => boolean): ReportFigures {
  const missing: Reports = [];
  const tests: TestCounts[] = [];
  const lines: Lines[] = [];
  for (const report of reports) {
    const text = readReport(tree, report.path);
    const counted = text !== null && report.kind === 'tap' ? readTapReport(text, isFile) : null;
    const covered = text === null || report.kind === 'tap' ? null : report.kind === 'lcov' ? readLcov(text) : readJsonSummary(text);
    if (counted) tests.push(counted);
    else if (covered) lines.push(covered);
    else missing.push(report);
  }
  const lacks = (tap: boolean) => missing.some(({ kind }) => (kind === 'tap') === tap);
  return { tests: lacks(true) ? null : sumCounts(tests), coverage: lacks(false) ? null : percent(lines), missing };
}

/** A regular file of the tree: not a link to a report that something else wrote. */
function readReport(tree: string, path: string): string | null {
  const place = placeIn(tree, path);
  const stat = place === null ? undefined : lstatSync(place, { throwIfNoEntry: false });
  return place !== null && stat?.isFile() && stat.size <= MAX_BYTES ? readFileSync(place, 'utf8') : null;
}

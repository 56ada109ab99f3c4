/** The figures of the reports that a check is to write: gone before it runs, read after. */

import type { CheckPolicy } from '../../core/policy/policy.ts';
import { readCobertura } from '../../core/reports/cobertura.ts';
import { sumCounts, type TestCounts } from '../../core/reports/counts.ts';
import { type Lines, percent, readJsonSummary, readLcov } from '../../core/reports/coverage.ts';
import { readJunit } from '../../core/reports/junit.ts';
import { countsTests, type ReportKind } from '../../core/reports/kinds.ts';
import { readTapReport } from '../../core/reports/output.ts';
import type { XmlElement } from '../../core/reports/xml.ts';
import { clearReport, readReport } from './report-files.ts';
import { parseXml } from './xml.ts';

type Report = CheckPolicy['reports'][number];

export interface ReportFigures {
  /** Null where no report of tests is declared, or one is missing. */
  tests: TestCounts | null;
  /** Percent of lines; null where no report of coverage is declared, or one is missing. */
  coverage: number | null;
  /** Declared, and not written by this run or not readable as what they are, with `why` in words. */
  missing: (Report & { why: string })[];
}

/** Deletes what lies at the declared places. */
export function clearReports(tree: string, reports: readonly Report[]): void {
  for (const { path } of reports) clearReport(tree, path);
}

/** The figures of the declared reports. One that is missing leaves its figure unknown: the others alone would be another figure. */
export async function readReports(tree: string, reports: readonly Report[], isFile: IsFile): Promise<ReportFigures> {
  const missing: ReportFigures['missing'] = [];
  const tests: TestCounts[] = [];
  const lines: Lines[] = [];
  for (const report of reports) {
    const found = await figuresOf(tree, report, isFile);
    if (typeof found === 'string') missing.push({ ...report, why: found });
    else for (const one of found) 'covered' in one ? lines.push(one) : tests.push(one);
  }
  const lacks = (tests: boolean) => missing.some(({ kind }) => countsTests(kind) === tests);
  return { tests: lacks(true) ? null : sumCounts(tests), coverage: lacks(false) ? null : percent(lines), missing };
}

/** The figures of each file, or why there are none. */
async function figuresOf(tree: string, { path, kind }: Report, isFile: IsFile): Promise<(TestCounts | Lines)[] | string> {
  const read = readReport(tree, path);
  if ('why' in read) return read.why;
  const found: (TestCounts | Lines)[] = [];
  for (const text of read.texts) {
    const figures = await READERS[kind].read(text, isFile);
    if (!figures) return `is no ${READERS[kind].name} that can be read`;
    found.push(figures);
  }
  return found;
}

type IsFile = (name: string) => boolean;

interface Reader {
  name: string;
  read(text: string, isFile: IsFile): TestCounts | Lines | null | Promise<TestCounts | Lines | null>;
}

const ofXml = (read: (root: XmlElement) => TestCounts | Lines | null) => async (text: string) => {
  const root = await parseXml(text);
  return root && read(root);
};

const READERS: Record<ReportKind, Reader> = {
  'json-summary': { name: 'coverage summary in JSON', read: readJsonSummary },
  lcov: { name: 'lcov tracefile', read: readLcov },
  cobertura: { name: 'Cobertura XML', read: ofXml(readCobertura) },
  tap: { name: 'TAP', read: readTapReport },
  junit: { name: 'JUnit XML', read: ofXml(readJunit) },
};

/** What the output of a command says about the tests that it ran. Pure. */

import { plainLines, sumCounts, type TestCounts } from './counts.ts';
import { readCoverageTable } from './coverage.ts';
import { countNodeTest } from './node-test.ts';
import { countSummaries } from './summary-lines.ts';
import { countTap } from './tap.ts';

export interface OutputFigures {
  /** Null where no known runner printed its figures. */
  tests: TestCounts | null;
  /** Percent of lines, 0 to 100. */
  coverage: number | null;
}

/** Figures of a captured output. `isFile` says whether a test's name is a file of the tree (see `countNodeTest`). */
export function readOutput(output: string, isFile: (name: string) => boolean): OutputFigures {
  const lines = plainLines(output);
  return {
    tests: sumCounts([countNodeTest(lines, isFile) ?? countTap(lines), countSummaries(lines)]),
    coverage: readCoverageTable(lines),
  };
}

/** Counts of a TAP file, node's own included; null where it is no TAP. */
export function readTapReport(text: string, isFile: (name: string) => boolean): TestCounts | null {
  const lines = plainLines(text);
  return sumCounts([countNodeTest(lines, isFile) ?? countTap(lines)]);
}

/** True where tests were to run and none did: skipped ones did not run. */
export function ranNone(tests: TestCounts): boolean {
  return tests.passed + tests.failed === 0;
}

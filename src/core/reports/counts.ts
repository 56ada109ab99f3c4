/** Counts of tests as every parser here gives them. Pure. */

import type { CheckResult } from '../policy.ts';

export type TestCounts = NonNullable<CheckResult['tests']>;

/** Counts of which `total` is the sum. */
export function counts(passed: number, failed: number, skipped: number): TestCounts {
  return { total: passed + failed + skipped, passed, failed, skipped };
}

/** All of them together, or null where there are none. */
export function sumCounts(all: readonly (TestCounts | null)[]): TestCounts | null {
  const seen = all.filter((one) => one !== null);
  if (seen.length === 0) return null;
  const sum = (key: keyof TestCounts) => seen.reduce((n, one) => n + one[key], 0);
  return { total: sum('total'), passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** Output as lines without colours and without what a progress display wrote over. */
export function plainLines(output: string): string[] {
  return output
    .replace(ESCAPES, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''))
    .map((line) => line.slice(line.lastIndexOf('\r') + 1));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal control sequences are what is taken out
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

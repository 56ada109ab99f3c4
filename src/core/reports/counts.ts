/** Counts of tests as every parser here gives them. Pure. */

import type { CheckResult } from '../policy/policy.ts';

export type TestCounts = NonNullable<CheckResult['tests']>;

/** Counts of which `total` is the sum. */
export function counts(passed: number, failed: number, skipped: number): TestCounts {
  return { total: passed + failed + skipped, passed, failed, skipped };
}

/** All of them together, or null where there are none, or a number is none that tests can be counted by. */
export function sumCounts(all: readonly (TestCounts | null)[]): TestCounts | null {
  const seen = all.filter((one) => one !== null);
  const sum = (key: keyof TestCounts) => seen.reduce((n, one) => n + one[key], 0);
  const found = { total: sum('total'), passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  return seen.length > 0 && Object.values(found).every((n) => Number.isSafeInteger(n) && n >= 0) ? found : null;
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

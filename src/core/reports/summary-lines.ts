/** The closing lines of test runners other than node's, one reader each. Pure. */

import { counts, sumCounts, type TestCounts } from './counts.ts';

/** Adds the numbers before (or after) words of a line: "2 failed | 3 passed" as {failed: 2, passed: 3}. */
function numbers(line: string, pattern = /(\d+) ([a-z]+)/g): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, n = '', word = ''] of line.matchAll(pattern)) found.set(word, (found.get(word) ?? 0) + Number(n));
  return found;
}

function of(found: Map<string, number>, ...words: string[]): number {
  return words.reduce((n, word) => n + (found.get(word) ?? 0), 0);
}

/** ` Tests  1 failed | 3 passed | 2 skipped (6)`. */
function vitest(line: string): TestCounts | null {
  if (/^No test (files|suite) found/.test(line.trim())) return counts(0, 0, 0);
  const rest = /^\s*Tests {2}(.*\(\d+\))$/.exec(line)?.[1];
  if (rest === undefined) return /^\s*Tests {2}no tests$/.test(line) ? counts(0, 0, 0) : null;
  const found = numbers(rest);
  return counts(of(found, 'passed'), of(found, 'failed'), of(found, 'skipped', 'todo'));
}

/** `Tests:       1 failed, 2 skipped, 3 passed, 6 total`. */
function jest(line: string): TestCounts | null {
  if (/^No tests found/.test(line)) return counts(0, 0, 0);
  const rest = /^Tests:\s+(.*\d+ total)$/.exec(line)?.[1];
  if (rest === undefined) return null;
  const found = numbers(rest);
  return counts(of(found, 'passed'), of(found, 'failed'), of(found, 'skipped', 'todo', 'pending'));
}

/** `=== 3 passed, 1 failed in 0.12s ===`, without the bars under -q. */
function pytest(line: string): TestCounts | null {
  const rest = /^(?:=+ )?(.*\S) in [\d.]+s(?: \([\d:]+\))?(?: =+)?$/.exec(line)?.[1];
  if (rest === undefined) return null;
  if (rest === 'no tests ran') return counts(0, 0, 0);
  if (!/^\d+ \w+(, \d+ \w+)*$/.test(rest)) return null;
  const found = numbers(rest);
  if (of(found, 'passed', 'failed', 'error', 'errors', 'skipped', 'deselected', 'xfailed', 'xpassed') === 0) return null;
  return counts(of(found, 'passed', 'xpassed'), of(found, 'failed', 'error', 'errors'), of(found, 'skipped', 'xfailed'));
}

/** `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; ...`. */
function cargo(line: string): TestCounts | null {
  const rest = /^test result: \S+ (.*)$/.exec(line)?.[1];
  if (rest === undefined) return null;
  const found = numbers(rest);
  return counts(of(found, 'passed'), of(found, 'failed'), of(found, 'ignored'));
}

/** Python's unittest closes with two lines: `Ran 3 tests in 0.001s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=1)`. */
function unittest(lines: readonly string[]): TestCounts | null {
  return sumCounts(
    lines.map((line, i) => {
      const total = /^Ran (\d+) tests? in [\d.]+s$/.exec(line)?.[1];
      if (total === undefined) return null;
      const verdict = lines.slice(i + 1, i + 4).find((next) => /^(OK|FAILED|NO TESTS RAN)\b/.test(next)) ?? '';
      const found = new Map([...verdict.matchAll(/([a-z ]+)=(\d+)/g)].map(([, word = '', n]) => [word.trim(), Number(n)]));
      const failed = of(found, 'failures', 'errors', 'unexpected successes');
      const skipped = of(found, 'skipped', 'expected failures');
      return counts(Math.max(0, Number(total) - failed - skipped), failed, skipped);
    }),
  );
}

/** mocha: `3 passing (5ms)`, `1 pending`, `1 failing`, each on a line. */
function mocha(lines: readonly string[]): TestCounts | null {
  const sum = (word: string) => lines.flatMap((line) => new RegExp(`^\\s+(\\d+) ${word}(?: \\(.*\\))?$`).exec(line)?.[1] ?? []).map(Number);
  const passing = sum('passing');
  if (passing.length === 0) return null;
  const add = (all: number[]) => all.reduce((a, b) => a + b, 0);
  return counts(add(passing), add(sum('failing')), add(sum('pending')));
}

/**
 * go prints counts only with -v; without it a package that ran gives null, since how many is not known, and zero where
 * no package had a test to run.
 */
function go(lines: readonly string[]): TestCounts | null {
  const verbose = (word: string) => lines.filter((line) => line.startsWith(`--- ${word}: `)).length;
  const seen = counts(verbose('PASS'), verbose('FAIL'), verbose('SKIP'));
  if (seen.total > 0) return seen;
  const packages = lines.filter((line) => /^(?:ok {2}|FAIL|\? {3})\t/.test(line));
  const empty = packages.filter((line) => /\[no test(s to run| files)\]/.test(line));
  return packages.length > 0 && packages.length === empty.length ? counts(0, 0, 0) : null;
}

/** No runner closes with a longer line, and hostile ones could make an expression take minutes. */
const LONGEST = 400;

/** Counts of every runner whose closing lines are there, together; null where none is known. */
export function countSummaries(all: readonly string[]): TestCounts | null {
  const lines = all.filter((line) => line.length <= LONGEST);
  const byLine = [vitest, jest, pytest, cargo].flatMap((read) => lines.map(read));
  return sumCounts([...byLine, unittest(lines), mocha(lines), go(lines)]);
}

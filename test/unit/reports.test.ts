/** What the output of test runners says: real closing lines of each. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percent, readCoverageTable, readJsonSummary, readLcov } from '../../src/core/reports/coverage.ts';
import { ranNone, readOutput, readTapReport } from '../../src/core/reports/output.ts';

const noFile = () => false;
const tests = (output: string, isFile: (name: string) => boolean = noFile) => readOutput(output, isFile).tests;
const of = (passed: number, failed: number, skipped: number) => ({ total: passed + failed + skipped, passed, failed, skipped });

const SPEC = (n: { tests: number; pass: number; fail?: number; skipped?: number; todo?: number }) =>
  `✔ adds (0.9ms)\nℹ tests ${n.tests}\nℹ suites 1\nℹ pass ${n.pass}\nℹ fail ${n.fail ?? 0}\nℹ cancelled 0\nℹ skipped ${n.skipped ?? 0}\nℹ todo ${n.todo ?? 0}\nℹ duration_ms 130.69\n`;

describe('counts of tests', () => {
  test.each([
    ['node spec', SPEC({ tests: 7, pass: 4, fail: 1, skipped: 1, todo: 1 }), of(4, 1, 2)],
    ['node spec, none', SPEC({ tests: 0, pass: 0 }), of(0, 0, 0)],
    ['node spec of two packages', SPEC({ tests: 2, pass: 2 }) + SPEC({ tests: 1, pass: 0, fail: 1 }), of(2, 1, 0)],
    ['node tap', SPEC({ tests: 3, pass: 3 }).replaceAll('ℹ', '#').replace('✔ adds (0.9ms)', 'ok 1 - adds\n1..1'), of(3, 0, 0)],
    ['one line of a test that looks like it', 'ℹ tests 99\nℹ pass 99\n', null],
    [
      'tape',
      'TAP version 13\n# adds\nok 1 should be equal\nnot ok 2 x\nok 3 y # SKIP later\n\n1..3\n# tests 3\n# pass  1\n# fail  1\n',
      of(1, 1, 1),
    ],
    ['tap with subtests', '# Subtest: a\n    ok 1 - inner\n    not ok 2 - inner\n    1..2\nok 1 - a\n1..1\n', of(1, 0, 0)],
    ['tap that ends before its plan', '1..4\nok 1\nok 2 # SKIP\n', of(1, 2, 1)],
    ['tap that bails out', '1..1\nok 1\nBail out! no database\n', of(1, 1, 0)],
    ['a number that nothing can be counted by', SPEC({ tests: 1, pass: 1 }).replace('pass 1', `pass ${'9'.repeat(30)}`), null],
    ['a fraction of a test', SPEC({ tests: 1, pass: 1 }).replace('pass 1', 'pass 0.5'), null],
    ['a line made to take minutes', `Tests: ${'1'.repeat(2_000_000)}\n${' '.repeat(2_000_000)}Tests  1\n`, null],
    ['tap with an empty plan', '1..0 # no tests\n', of(0, 0, 0)],
    [
      'vitest in colour',
      '\u001b[2m Test Files \u001b[22m \u001b[1m\u001b[31m1 failed\u001b[39m\u001b[22m\u001b[90m (1)\u001b[39m\n\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[31m1 failed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[1m\u001b[32m1 passed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[33m1 skipped\u001b[39m\u001b[2m | \u001b[22m\u001b[90m1 todo\u001b[39m\u001b[90m (4)\u001b[39m\n',
      of(1, 1, 2),
    ],
    ['vitest, none', 'No test files found, exiting with code 0\n', of(0, 0, 0)],
    ['jest', 'Tests:       1 failed, 2 skipped, 1 todo, 3 passed, 7 total\nTime:        1.2 s\n', of(3, 1, 3)],
    ['jest, none', 'No tests found, exiting with code 0\n', of(0, 0, 0)],
    ['mocha', '\n  3 passing (5ms)\n  1 pending\n  2 failing\n', of(3, 2, 1)],
    ['mocha, none', '\n  0 passing (1ms)\n', of(0, 0, 0)],
    ['pytest', '==================== 1 failed, 2 passed, 1 skipped, 1 warning in 0.89s ====================\n', of(2, 1, 1)],
    ['pytest -q', '1 failed, 1 passed, 1 error, 1 xfailed in 61.20s (0:01:01)\n', of(1, 2, 1)],
    ['pytest, none', '============================ no tests ran in 0.75s =============================\n', of(0, 0, 0)],
    ['unittest', 'Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=1, skipped=1)\n', of(2, 2, 1)],
    ['unittest, none', 'Ran 0 tests in 0.000s\n\nOK\n', of(0, 0, 0)],
    [
      'cargo',
      'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n',
      of(3, 0, 1),
    ],
    [
      'go -v',
      '=== RUN   TestA\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/sub (0.00s)\n--- FAIL: TestB (0.00s)\n--- SKIP: TestC (0.00s)\nFAIL\tx\t0.1s\n',
      of(1, 1, 1),
    ],
    ['go, how many not known', 'ok  \tx/a\t0.005s\n?   \tx/b\t[no test files]\n', null],
    ['go, none', '?   \tx/b\t[no test files]\nok  \tx/c\t0.001s [no tests to run]\n', of(0, 0, 0)],
    ['a script', 'all good\n', null],
    ['nothing', '', null],
    ['two runners', `${SPEC({ tests: 2, pass: 2 })}=== 1 failed in 0.1s ===\n`, of(2, 1, 0)],
    ['a progress display', 'running 1\rrunning 2\rTests:  2 passed, 2 total\r\n', of(2, 0, 0)],
  ])('%s', (_, output, expected) => {
    expect(tests(output)).toEqual(expected);
  });

  test('a test file without a test is no test, in spec and in TAP', () => {
    const isFile = (name: string) => name === '/tree/test/empty.test.js';
    const spec = SPEC({ tests: 2, pass: 2 }).replace('✔ adds', '✔ adds (1ms)\n✔ /tree/test/empty.test.js');
    expect(tests(spec, isFile)).toEqual(of(1, 0, 0));
    const tap = `ok 1 - /tree/test/empty.test.js\n1..1\n${SPEC({ tests: 1, pass: 1 }).replaceAll('ℹ', '#')}`;
    expect(readTapReport(tap, isFile)).toEqual(of(0, 0, 0));
  });

  test('skipped tests did not run', () => {
    expect([of(0, 0, 0), of(0, 0, 3), of(1, 0, 0), of(0, 1, 0)].map(ranNone)).toEqual([true, true, false, false]);
  });

  test('any text gives counts that add up, or none', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('ok 1', 'not ok 2 # SKIP', '1..2', 'ℹ tests 3', 'ℹ suites 0', '=== 3 passed in 1s ===', 'Tests:  1 passed, 1 total'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { tests: found, coverage } = readOutput(lines.join('\n'), noFile);
        if (found) expect(found.total).toBe(found.passed + found.failed + found.skipped);
        if (coverage !== null) expect(coverage >= 0 && coverage <= 100).toBe(true);
      }),
    );
  });
});

describe('coverage', () => {
  const NODE =
    'ℹ file           | line % | branch % | funcs % | uncovered lines\nℹ add.js         | 90.00 |   100.00 |   85.71 | 3\nℹ all files      | 98.50 |   100.00 |   85.71 |';
  const C8 =
    '-----|-----\nFile      | % Stmts | % Branch | % Funcs | % Lines | Uncovered Line #s\nAll files |   87.5 |     100 |     100 |    75.25 |\n a.js | 1 | 1 | 1 | 1 |';

  test.each([
    ['node', NODE, 98.5],
    ['node in TAP', NODE.replaceAll('ℹ', '#'), 98.5],
    ['c8, jest, vitest', C8, 75.25],
    ['two tables', `${NODE}\n${C8}`, null],
    ['a line without its heading', 'all files | 100 | 100', null],
    ['an impossible figure', NODE.replace('98.50', '980'), null],
    ['none', 'ok', null],
  ])('of the table of %s', (_, output, expected) => {
    expect(readCoverageTable(output.split('\n'))).toBe(expected);
  });

  test('of json-summary', () => {
    expect(readJsonSummary('{"total":{"lines":{"total":8,"covered":7,"skipped":0,"pct":87.5}}}')).toEqual({ covered: 7, total: 8 });
    for (const text of [
      '',
      '[]',
      '{"total":{"lines":{"pct":100}}}',
      '{"total":{"lines":{"total":1,"covered":2}}}',
      '{"total":{"lines":{"total":"8","covered":7}}}',
    ]) {
      expect(readJsonSummary(text)).toBeNull();
    }
  });

  test('of lcov, with and without its own sums', () => {
    const a = 'TN:\nSF:a.js\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\n';
    const b = 'SF:b.js\nDA:1,1\nDA:1,0\nDA:2,5\nend_of_record\n';
    expect(readLcov(a + b)).toEqual({ covered: 3, total: 4 });
    expect(readLcov(a.replaceAll('\n', '\r\n'))).toEqual({ covered: 1, total: 2 });
    const endless = '9'.repeat(400);
    for (const text of ['', 'garbage', 'SF:a\nLF:1\nLH:5\nend_of_record\n', `SF:a\nLF:${endless}\nLH:${endless}\nend_of_record\n`])
      expect(readLcov(text)).toBeNull();
  });

  test('of several reports, weighed by lines', () => {
    expect(
      percent([
        { covered: 1, total: 3 },
        { covered: 9, total: 9 },
      ]),
    ).toBe(83.33);
    expect(percent([{ covered: 0, total: 0 }])).toBeNull();
    expect(percent([])).toBeNull();
  });
});

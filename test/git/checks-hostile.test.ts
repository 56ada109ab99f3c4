/** Checks and sessions that try to look better than they are, and checks that misbehave. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, makeSession, PACKAGE, result, results } from '../support/checks.ts';

const JUNIT = '<testsuites><testsuite><testcase name="a"/><testcase name="b"/></testsuite></testsuites>';
const junit = { path: 'out/junit.xml', kind: 'junit' } as const;
const cobertura = { path: 'out/coverage.xml', kind: 'cobertura' } as const;
const write = (path: string, text: string) => `mkdir -p "$(dirname "${path}")" && printf '%s' '${text}' > "${path}"`;
const session = () => makeSession(PACKAGE, { 'a.txt': 'a' });

describe('reports', () => {
  test('JUnit and Cobertura that the run writes count', async () => {
    const cover = '<coverage lines-covered="3" lines-valid="4"/>';
    const run = `${write(junit.path, JUNIT)}; ${write(cobertura.path, cover)}`;
    const found = await result(session(), check(run, { reports: [junit, cobertura] }));
    expect(found).toMatchObject({ status: 'passed', coverage: 75, tests: { total: 2, passed: 2, failed: 0, skipped: 0 } });
  });

  test('a glob names one file a package, and all of them are cleared first and counted together', async () => {
    const repo = makeSession(PACKAGE, { 'pkg/a/out/TEST-old.xml': JUNIT });
    const reports = [{ path: 'pkg/*/out/TEST-*.xml', kind: 'junit' as const }];
    const run = `${write('pkg/a/out/TEST-1.xml', JUNIT)}; ${write('pkg/b/out/TEST-2.xml', JUNIT)}`;
    expect(await result(repo, check(run, { reports }))).toMatchObject({ status: 'passed', tests: { total: 4 } });
    const none = await result(repo, check('true', { reports }));
    expect(none).toMatchObject({ status: 'not-recorded', tests: null });
    expect(none.detail).toContain('pkg/*/out/TEST-*.xml was not written by this run: not recorded.');
    const one = await result(repo, check(`${run}; ${write('pkg/c/out/TEST-3.xml', '<testsuite>')}`, { reports }));
    expect(one).toMatchObject({ status: 'not-recorded', tests: null });
  });

  test.each([
    ['malformed XML', write(junit.path, '<testsuites><testcase'), 'is no JUnit XML that can be read'],
    ['another XML', write(junit.path, '<coverage/>'), 'is no JUnit XML that can be read'],
    ['a huge file', 'mkdir out && truncate -s 5G out/junit.xml', 'is larger than 64 MB'],
    [
      'a link out of the tree',
      `mkdir out && ${write('$TMPDIR/x.xml', JUNIT)} && ln -s "$TMPDIR/x.xml" out/junit.xml`,
      'is a link, or no file',
    ],
    [
      'a folder that leads out of the tree',
      `${write('$TMPDIR/o/junit.xml', JUNIT)} && ln -s "$TMPDIR/o" out`,
      'was not written by this run',
    ],
    ['a pipe', 'mkdir out && mkfifo out/junit.xml', 'is a link, or no file'],
    ['none', 'true', 'was not written by this run'],
  ])('%s is not recorded, and says why', async (_, run, why) => {
    const found = await result(session(), check(`${run}; echo '1..1'; echo 'ok 1'`, { reports: [junit] }));
    expect(found).toMatchObject({ status: 'not-recorded', tests: null, exit_code: 0 });
    expect(found.detail).toBe(`Exit 0. out/junit.xml ${why}: not recorded.`);
  });

  test('of 0 tests is not recorded', async () => {
    const found = await result(session(), check(write(junit.path, '<testsuites tests="12"/>'), { reports: [junit] }));
    expect(found).toMatchObject({ status: 'not-recorded', detail: 'It ran 0 tests.' });
  });

  test('one check cannot write the report of another', async () => {
    const forge = `${write(junit.path, JUNIT)}; for t in ../../*/tree ../tree; do mkdir -p $t/out; ${write('$t/out/junit.xml', JUNIT)}; done; true`;
    const first = check(forge, { name: 'first' });
    const second = check('true', { name: 'second', reports: [junit] });
    const found = await results(session(), [first, second, { ...first, name: 'third' }]);
    expect(found.first?.status).toBe('passed');
    expect(found.second).toMatchObject({ status: 'not-recorded', tests: null });
  });
});

test('a script that swallows the exit code of its tests does not make them pass', async () => {
  const failing = { 'add.js': 'exports.add = () => 0;\n' };
  const found = await result(makeSession(PACKAGE, failing), check('node --test || true'));
  expect(found).toMatchObject({ status: 'failed', exit_code: 0, tests: { passed: 0, failed: 1 } });
  expect(found.detail).toBe('Exit 0, but not every test passed. 0 tests passed, 1 failed, 0 skipped.');
  const report = `${write(junit.path, '<testsuite><testcase><failure/></testcase><testcase/></testsuite>')}; exit 0`;
  expect((await result(session(), check(report, { reports: [junit] }))).status).toBe('failed');
});

test.each([
  ['its process group', 'kill -9 0', 'SIGKILL'],
  ['its shell', 'kill -TERM $$', 'SIGTERM'],
])('a check that kills %s has failed, and nobody else is hit', async (_, run, signal) => {
  const found = await results(session(), [check(run, { name: 'kills' }), check('true', { name: 'next' })]);
  expect(found.kills).toMatchObject({ status: 'failed', exit_code: null, detail: `It was ended by ${signal}.` });
  expect(found.next?.status).toBe('passed');
});

test('100 MB of short lines: bounded on disk, and the last lines count', async () => {
  const repo = session();
  const run = "yes 'not ok 1' | head -c 100000000; echo; echo '=== 3 passed in 0.10s ==='";
  const found = await result(repo, check(run));
  expect(found).toMatchObject({ status: 'passed', tests: { total: 3, passed: 3 } });
  const log = readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${found.log_sha256}.log`));
  expect(log.length).toBeLessThan(4_300_000);
  expect(log.toString('utf8')).toMatch(/\[git-session: 9\d{7} bytes left out here\]/);
});

/** Checks of policy, run for real: what passes, and above all what does not. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkedTree } from '../../src/closeout/checks/index.ts';
import { check, ID, makeSession, PACKAGE, result, results } from '../support/checks.ts';
import { makeRepo, TestRepo } from '../support/repo.ts';

const NODE = check('node --test');

function renamed(repo: TestRepo, name: string): TestRepo {
  const dir = join(repo.dir, '..', name);
  renameSync(repo.dir, dir);
  return new TestRepo(dir);
}

function linked(repo: TestRepo): TestRepo {
  const dir = join(repo.dir, '..', 'linked');
  repo.git('worktree', 'add', '-q', '-b', 'other', dir);
  return new TestRepo(dir);
}

describe('the checked tree', () => {
  test('is base merged with the tip', async () => {
    const repo = makeRepo();
    repo.git('switch', '-q', '-c', 'work');
    const tip = repo.commit('b', { 'b.txt': 'b' });
    repo.git('switch', '-q', 'main');
    const base = repo.commit('c', { 'c.txt': 'c' });
    const before = repo.snapshot();
    const made = await checkedTree(await repo.open(), base, tip);
    expect('tree' in made && repo.git('ls-tree', '-r', '--name-only', made.tree)).toBe('README.md\nb.txt\nc.txt');
    expect(repo.snapshot()).toBe(before);
  });

  test('or the paths that conflict', async () => {
    const repo = makeRepo();
    repo.git('switch', '-q', '-c', 'work');
    const tip = repo.commit('b', { 'odd "name".txt': 'b', 'b.txt': 'b' });
    repo.git('switch', '-q', 'main');
    const base = repo.commit('c', { 'odd "name".txt': 'c', 'b.txt': 'c' });
    expect(await checkedTree(await repo.open(), base, tip)).toEqual({ conflicts: ['b.txt', 'odd "name".txt'] });
  });
});

describe('a run of tests', () => {
  test('passes with its figures', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    const found = await result(repo, check('node --test --experimental-test-coverage'));
    expect(found).toMatchObject({ status: 'passed', exit_code: 0, coverage: 100, inputs_changed: [], reused_from: null });
    expect(found.tests).toEqual({ total: 1, passed: 1, failed: 0, skipped: 0 });
    const log = readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${found.log_sha256}.log`), 'utf8');
    expect(log).toContain('all files');
  });

  test('fails where a test fails', async () => {
    const repo = makeSession(PACKAGE, { 'add.js': 'exports.add = (a, b) => a - b;\n' });
    const found = await result(repo, check('npm test'));
    expect(found).toMatchObject({ status: 'failed', exit_code: 1, tests: { passed: 0, failed: 1 } });
    expect(found.detail).toBe('Exit 1. 0 tests passed, 1 failed, 0 skipped.');
  });

  test.each([
    ['no test file', { 'test/add.test.js': null }],
    ['a test file without a test', { 'test/add.test.js': '' }],
    ['every test skipped', { 'test/add.test.js': "require('node:test')('adds', { skip: true }, () => {});\n" }],
  ])('of nothing is not recorded: %s', async (_, changes) => {
    const found = await result(makeSession(PACKAGE, changes), NODE);
    expect(found).toMatchObject({ status: 'not-recorded', exit_code: 0 });
    expect(found.detail).toContain('ran 0 tests');
  });

  test('sees only what is committed, not what lies in the checkout', async () => {
    const repo = makeSession(PACKAGE, { 'test/b.test.js': "require('node:test')('b', () => require('../helper.js'));\n" });
    repo.write('helper.js', '');
    repo.write('node_modules/helper/index.js', '');
    expect(await result(repo, NODE)).toMatchObject({ status: 'failed', tests: { passed: 1, failed: 1 } });
  });

  test('does not see what an earlier check or run left', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    const leave = check('test ! -e left.txt && test ! -e "$TMPDIR/left" && touch left.txt "$TMPDIR/left" && git add left.txt', {
      name: 'leave',
    });
    const found = await results(repo, [leave, { ...leave, name: 'again' }]);
    expect([found.leave?.status, found.again?.status]).toEqual(['passed', 'passed']);
    expect((await result(repo, leave)).status).toBe('passed');
  });

  test.each([
    ['a path with a space and quotes', () => renamed(makeSession(PACKAGE, { 'a.txt': 'a' }), `re po's "x"`)],
    ['a linked worktree', () => linked(makeSession(PACKAGE, { 'a.txt': 'a' }))],
    ['a repository with SHA-256 objects', () => makeSession(PACKAGE, { 'a.txt': 'a' }, 'sha256')],
  ])('works from %s', async (_, make) => {
    expect(await result(make(), NODE)).toMatchObject({ status: 'passed', tests: { passed: 1 } });
  });

  test('works where GIT_DIR names the repository', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    process.env.GIT_DIR = join(repo.dir, '.git');
    process.env.GIT_WORK_TREE = repo.dir;
    try {
      const open = await repo.open();
      expect(open.explicit).toBe(true);
      expect((await result(repo, NODE)).status).toBe('passed');
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_WORK_TREE;
    }
  });

  test('runs in a folder of the tree', async () => {
    const repo = makeSession({ ...PACKAGE, "pack age's/x": '' }, { 'a.txt': 'a' });
    const found = await result(repo, check('basename "$PWD"; exit 0', { cwd: "pack age's" }));
    expect(readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${found.log_sha256}.log`), 'utf8')).toBe("pack age's\n");
  });

  test('is not run where its folder is missing or leads out of the tree', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    expect(await result(repo, check('true', { cwd: 'nowhere' }))).toMatchObject({ status: 'not-run', exit_code: null });
    repo.git('config', 'core.symlinks', 'true');
    symlinkSync('/', join(repo.dir, 'out'));
    repo.commit('link');
    expect((await result(repo, check('true', { cwd: 'out' }))).status).toBe('not-run');
  });

  test('is not needed where the session changed none of its paths', async () => {
    const repo = makeSession(PACKAGE, { 'docs/a.md': 'a' });
    const found = await result(repo, check('false', { paths: ['src/**', '*.js'] }));
    expect(found).toMatchObject({ status: 'not-needed', detail: 'The session changed nothing under src/**, *.js.', duration_ms: null });
  });
});

describe('reports', () => {
  const lcov = { path: 'coverage/lcov.info', kind: 'lcov' } as const;
  const summary = { path: 'coverage/coverage-summary.json', kind: 'json-summary' } as const;
  const faked = { total: { lines: { total: 100, covered: 100, pct: 100 } } };

  test('one that lies in the tree and is not rewritten is not recorded', async () => {
    const repo = makeSession(PACKAGE, { 'coverage/coverage-summary.json': JSON.stringify(faked) });
    const found = await result(repo, check('node --test --experimental-test-coverage', { reports: [summary] }));
    expect(found).toMatchObject({ status: 'passed', coverage: null });
    expect(found.detail).toContain('coverage/coverage-summary.json was not written by this run: not recorded');
  });

  test('one that the run writes counts', async () => {
    const repo = makeSession(PACKAGE, { 'coverage/lcov.info': 'SF:a\nDA:1,1\nLF:1\nLH:1\nend_of_record\n' });
    const run = 'mkdir -p coverage && printf "SF:a\\nDA:1,1\\nDA:2,0\\nDA:3,0\\nend_of_record\\n" > coverage/lcov.info';
    expect(await result(repo, check(run, { reports: [lcov] }))).toMatchObject({ status: 'passed', coverage: 33.33 });
  });

  test('tests are those of the TAP report, and none written means none known', async () => {
    const repo = makeSession(PACKAGE, { 'out.tap': 'ok 1 - faked\n1..1\n' });
    const tap = { path: 'out.tap', kind: 'tap' } as const;
    const good = await result(repo, check('node --test --test-reporter=tap --test-reporter-destination=out.tap', { reports: [tap] }));
    expect(good).toMatchObject({ status: 'passed', tests: { total: 1, passed: 1 } });
    const none = await result(repo, check('node --test', { reports: [tap] }));
    expect(none).toMatchObject({ status: 'not-recorded', tests: null });
  });

  test('a link is no report, and what it leads to is left alone', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    const outside = join(repo.dir, '..', 'outside');
    mkdirSync(outside);
    repo.write('../outside/coverage-summary.json', JSON.stringify(faked));
    symlinkSync(outside, join(repo.dir, 'coverage'));
    repo.commit('link');
    const found = await result(repo, check('true', { reports: [summary] }));
    expect(found.coverage).toBeNull();
    expect(existsSync(join(outside, 'coverage-summary.json'))).toBe(true);
    const made = check(`rm coverage; mkdir coverage; ln -s '${outside}/coverage-summary.json' coverage/`, { reports: [summary] });
    expect((await result(repo, made)).coverage).toBeNull();
  });
});

describe('inputs', () => {
  test('a rewritten script, a deleted test and added skips are told', async () => {
    const base = {
      ...PACKAGE,
      'test/b.test.js': "require('node:test')('b', () => {});\n",
      'test/c.test.js': "require('node:test')('c', () => {});\n",
    };
    const repo = makeSession(base, {
      'package.json': JSON.stringify({ name: 'demo', version: '2.0.0', scripts: { test: 'true' } }),
      'test/b.test.js': "require('node:test').skip('b', () => {});\n",
      'test/c.test.js': null,
      'test/new.test.js': "require('node:test')('new', () => {});\n",
    });
    const found = await result(repo, check('npm test'));
    expect(found.status).toBe('passed');
    expect(found.inputs_changed).toEqual(['package.json: scripts.test changed', 'test/b.test.js: skips added', 'test/c.test.js: deleted']);
  });

  test('`inputs: base` runs base\u2019s script and tests against the session\u2019s code', async () => {
    const repo = makeSession(PACKAGE, {
      'add.js': 'exports.add = () => 0;\n',
      'package.json': JSON.stringify({ name: 'demo', version: '2.0.0', scripts: { test: 'true' } }),
      'test/add.test.js': null,
      'test/new.test.js': "require('node:test')('new', () => {});\n",
    });
    const found = await result(repo, check('npm test', { inputs: 'base' }));
    expect(found).toMatchObject({ status: 'failed', tests: { passed: 1, failed: 1 } });
    expect(found.detail).toContain("base's copies of 2 changed inputs");
    expect(found.inputs_changed).toEqual(['package.json: scripts.test changed', 'test/add.test.js: deleted']);
  });

  test('policy may name them itself, and a program of the command line counts', async () => {
    const repo = makeSession({ 'run.sh': 'exit 1\n', 'data/a.txt': '1' }, { 'run.sh': 'exit 0\n', 'data/a.txt': '2' });
    expect((await result(repo, check('sh ./run.sh'))).inputs_changed).toEqual(['run.sh: changed']);
    expect((await result(repo, check('true', { inputs: ['data/**'] }))).inputs_changed).toEqual(['data/a.txt: changed']);
  });
});

test('a runner, a program or a script that the session put in its way is named', async () => {
  const base = { ...PACKAGE, 'tools/run.ts': 'x', 'checks.d/a.sh': 'true\n' };
  const installed = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`node_modules/.bin/fake${n}`, 'x']));
  const repo = makeSession(base, { ...installed, 'tools/run.js': 'y', 'checks.d/b.sh': 'false\n', 'add.js': 'z' });
  const found = await result(repo, check('true || node tools/run; for f in checks.d/*.sh; do true; done'));
  expect(found.inputs_changed).toEqual([
    'checks.d/b.sh: added',
    ...[1, 2, 3, 4, 5].map((n) => `node_modules/.bin/fake${n}: added`),
    'tools/run.js: added',
    '1 more file where programs are installed',
  ]);
  const own = await result(repo, check('true', { inputs: ['ci/**'] }));
  expect(own.inputs_changed).toHaveLength(6);
  expect((await result(repo, check('test ! -e node_modules && test ! -e tools/run.js', { inputs: 'base' }))).status).toBe('passed');
});

describe('results that stand in', () => {
  const once = check('date +%N > "$HOME/last"; cat "$HOME/last"', { reuse: true });

  test('only where policy lets them, only for the same tree, and shown', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    const first = await result(repo, once);
    const second = await result(repo, once);
    expect(second.reused_from).toMatch(/^\d{4}-\d\d-\d\dT/);
    const figures = { exit_code: null, duration_ms: null, tests: null, coverage: null, log_sha256: null };
    expect(second).toMatchObject({ status: 'passed', detail: 'Passed earlier on this tree; its figures are not recorded.', ...figures });
    const changed = await result(repo, { ...once, run: `${once.run}; true` });
    expect(changed.reused_from).toBeNull();
    repo.commit('more', { 'b.txt': 'b' });
    const other = await result(repo, once);
    expect(other.reused_from).toBeNull();
    expect(other.tree).not.toBe(first.tree);
    expect((await result(repo, { ...once, reuse: false })).reused_from).toBeNull();
  });

  test('nothing that somebody wrote into the kept result is shown', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    await result(repo, once);
    const dir = join(repo.dir, '.git/git-session/cache/checks');
    const name = readdirSync(dir).find((file) => file.endsWith('.json')) ?? '';
    const kept = JSON.parse(readFileSync(join(dir, name), 'utf8'));
    const tests = { total: 999, passed: 999, failed: 0, skipped: 0 };
    Object.assign(kept.result, { detail: 'Exit 0. 999 tests passed.', coverage: 100, tests, exit_code: 0, inputs_changed: [] });
    writeFileSync(join(dir, name), JSON.stringify(kept));
    const found = await result(repo, once);
    expect(found.reused_from).not.toBeNull();
    expect(found).toMatchObject({ coverage: null, tests: null, exit_code: null, detail: expect.not.stringContaining('999') });
  });

  test('a failure never stands in', async () => {
    const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
    await result(repo, check('exit 1', { reuse: true }));
    expect((await result(repo, check('exit 1', { reuse: true }))).reused_from).toBeNull();
  });
});

test('each result is a record of the tool in the journal', async () => {
  const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
  const found = await result(repo, NODE);
  const lines = readFileSync(join(repo.dir, `.git/git-session/journal/${ID}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      kind: 'check.ran',
      actor: { kind: 'tool' },
      data: { name: 'tests', status: 'passed', tree: found.tree, exit_code: 0, tests: 1, failed: 0 },
    },
  ]);
});

test('runs at once do not disturb each other, and leave nothing behind', async () => {
  const repo = makeSession(PACKAGE, { 'a.txt': 'a' });
  const before = repo.snapshot();
  const runs = await Promise.all([1, 2, 3].map(() => results(repo, [NODE, check('pwd; git status --porcelain', { name: 'where' })])));
  expect(runs.flatMap((run) => [run.tests?.status, run.where?.status])).toEqual(Array(6).fill('passed'));
  expect(new Set(runs.map((run) => run.where?.log_sha256)).size).toBe(3);
  expect(repo.snapshot()).toBe(before);
  expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
  expect(existsSync(join(repo.dir, '.git/worktrees'))).toBe(false);
  const log = readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${runs[0]?.where?.log_sha256}.log`), 'utf8').trim();
  expect(existsSync(log)).toBe(false);
  expect(readdirSync(join(log, '..', '..', '..')).filter((name) => log.includes(`/${name}/`))).toEqual([]);
});

/** What a session did to what its checks are made of. */

import { describe, expect, test } from 'vitest';
import { describeChange, type InputChange } from '../../src/core/check-inputs/describe.ts';
import { inputKind } from '../../src/core/check-inputs/kinds.ts';
import { linesRun, withScriptsOf } from '../../src/core/check-inputs/manifest.ts';
import { namedBy } from '../../src/core/check-inputs/programs.ts';
import { skipsAdded } from '../../src/core/check-inputs/skips.ts';

const none = { globs: [], programs: () => false, outputs: ['.venv', 'vendor/*/bin'] };

test.each([
  ['package.json', 'manifest'],
  ['packages/a/package.json', 'manifest'],
  ['vitest.config.ts', 'config'],
  ['packages/a/jest.config.cjs', 'config'],
  ['.c8rc.json', 'config'],
  ['.nycrc', 'config'],
  ['.mocharc.yml', 'config'],
  ['karma.conf.js', 'config'],
  ['pytest.ini', 'config'],
  ['pyproject.toml', 'config'],
  ['tests/conftest.py', 'config'],
  ['Makefile', 'config'],
  ['.npmrc', 'config'],
  ['src/a.test.ts', 'test'],
  ['src/a.spec.jsx', 'test'],
  ['test/data/x.json', 'test'],
  ['src/__tests__/a.js', 'test'],
  ['pkg/test_a.py', 'test'],
  ['pkg/a_test.go', 'test'],
  ['src/a.ts', null],
  ['contest/a.ts', null],
  ['docs/testing.md', null],
  ['package-lock.json', null],
  ['node_modules/.bin/vitest', 'installed'],
  ['packages/a/node_modules/x/package.json', 'installed'],
  ['.venv/bin/pytest', 'installed'],
  ['vendor/x/bin/tool', 'installed'],
  ['vendor/x/lib/tool', null],
])('%s is %s', (path, kind) => {
  expect(inputKind(path, none)).toBe(kind);
});

test('policy\u2019s own globs replace the defaults', () => {
  const facts = { globs: ['ci/**'], programs: (path: string) => path === 'run.sh', outputs: [] };
  expect(['ci/a', 'package.json', 'run.sh', 'node_modules/x.js'].map((path) => inputKind(path, facts))).toEqual([
    'named',
    null,
    null,
    'installed',
  ]);
});

test('words of a command line are paths from its folder', () => {
  const found = namedBy(['sh ./run.sh --flag="scripts/a.js" && node ../tools/x.mjs > /dev/null'], [], 'packages/a');
  for (const path of ['packages/a/run.sh', 'packages/a/scripts/a.js', 'packages/tools/x.mjs']) expect(found(path)).toBe(true);
  expect(namedBy(['node run.js'], [], '.')('run.js')).toBe(true);
});

test('a program may be named without its ending, or by a glob; what linters are given is no program', () => {
  const line = 'node tools/run && for f in checks.d/*.sh; do sh $f; done; eslint "src/**/*.ts"';
  const found = namedBy([line], [line], '.');
  for (const path of ['tools/run', 'tools/run.js', 'tools/run.cjs', 'tools/run.ts', 'tools/run/index.js', 'checks.d/a.sh'])
    expect(found(path), path).toBe(true);
  for (const path of ['tools/run.md', 'tools/running.js', 'checks.d/a/b.sh', 'src/a.ts']) expect(found(path), path).toBe(false);
  expect(namedBy(['npm run x'], ['sh *'], '.')('a.js')).toBe(false);
});

test('the scripts that a command runs are followed by name', () => {
  const text = JSON.stringify({ scripts: { test: 'npm run unit', unit: 'sh ci/*.sh', pretest: 'p', build: 'esbuild src/*.ts' } });
  expect(linesRun('npm test', text)).toEqual(['npm test', 'p', 'npm run unit', 'sh ci/*.sh']);
  expect(linesRun('npm test', '')).toEqual(['npm test']);
});

describe('a change is told as', () => {
  const change = (more: Partial<InputChange>): InputChange => ({
    path: 'test/a.test.js',
    kind: 'test',
    status: 'M',
    before: 'a',
    after: 'b',
    movedTo: null,
    ...more,
  });
  const manifest = (before: unknown, after: unknown) =>
    change({ path: 'package.json', kind: 'manifest', before: JSON.stringify(before), after: JSON.stringify(after) });

  test.each([
    [change({}), ['test/a.test.js: changed']],
    [change({ after: 'a\ntest.skip("x")' }), ['test/a.test.js: skips added']],
    [change({ status: 'D', after: null }), ['test/a.test.js: deleted']],
    [change({ status: 'D', after: null, movedTo: 'test/b.test.js' }), ['test/a.test.js: moved to test/b.test.js']],
    [change({ status: 'A', before: null }), []],
    [change({ status: 'T' }), ['test/a.test.js: changed']],
    [change({ path: 'node_modules/.bin/vitest', kind: 'installed', status: 'A', before: null }), ['node_modules/.bin/vitest: added']],
    [change({ path: 'tools/run.js', kind: 'program', status: 'A', before: null }), ['tools/run.js: added']],
    [change({ path: 'vitest.config.ts', kind: 'config', status: 'A', before: null }), ['vitest.config.ts: added']],
    [
      manifest({ scripts: { test: 'a', lint: 'l' } }, { scripts: { test: 'b', pretest: 'p' } }),
      ['package.json: scripts.lint removed', 'package.json: scripts.pretest added', 'package.json: scripts.test changed'],
    ],
    [manifest({ version: '1', dependencies: {} }, { version: '2', dependencies: { a: '1' } }), []],
    [manifest({ jest: { a: 1 } }, { jest: { a: 2 }, c8: {} }), ['package.json: c8 added', 'package.json: jest changed']],
    [change({ path: 'package.json', kind: 'manifest', before: '{}', after: 'broken' }), ['package.json: changed']],
    [
      change({ path: 'package.json', kind: 'manifest', status: 'A', before: null, after: '{"scripts":{"test":"t"}}' }),
      ['package.json: scripts.test added'],
    ],
    [
      change({
        path: 'pyproject.toml',
        kind: 'config',
        before: '[project]\nversion = "1"\n[tool.pytest.ini_options]\na = 1\n',
        after: '[project]\nversion = "2"\n[tool.pytest.ini_options]\na = 1\n',
      }),
      [],
    ],
    [
      change({
        path: 'pyproject.toml',
        kind: 'config',
        before: '[tool.pytest.ini_options]\na = 1\n',
        after: '[tool.pytest.ini_options]\na = 2\n',
      }),
      ['pyproject.toml: changed'],
    ],
  ])('%#', (input, told) => {
    expect(describeChange(input)).toEqual(told);
  });
});

test.each([
  'test.skip("a", () => {});',
  "describe.only('a', () => {});",
  'it.each.skip`x`',
  "xit('a', () => {});",
  "test('a', { skip: true }, () => {});",
  "test('a', { skip: 'later' }, () => {});",
  't.skip();',
  '@pytest.mark.skip(reason="x")',
  '@pytest.mark.skipif(True)',
  '@unittest.skip("x")',
  '\tt.Skip("x")',
  '\tt.SkipNow()',
  '    #[ignore]',
  '@Disabled',
])('%s switches a test off', (line) => {
  expect(skipsAdded('a\n', `a\n  ${line}\n`)).toBe(true);
  expect(skipsAdded(`a\n${line}\n`, `b\n  ${line}\n`)).toBe(false);
  expect(skipsAdded(`${line}\n`, `${line}\n${line}\n`)).toBe(true);
});

test('words about skipping are no skip', () => {
  for (const line of ['// skip the header', 'const skipped = 3;', 'test("skips blank lines", () => {', 'skip: false', 'list.skip']) {
    expect(skipsAdded('', line)).toBe(false);
  }
});

test('base\u2019s scripts go into the session\u2019s manifest, and nothing else of it', () => {
  const after = { name: 'x', scripts: { test: 'true' }, c8: {}, dependencies: { a: '1' } };
  const before = { scripts: { test: 'node --test' }, jest: { a: 1 } };
  expect(JSON.parse(withScriptsOf(JSON.stringify(before), JSON.stringify(after)) ?? '')).toEqual({
    name: 'x',
    scripts: { test: 'node --test' },
    dependencies: { a: '1' },
    jest: { a: 1 },
  });
  expect(withScriptsOf('broken', '{}')).toBeNull();
});

/** Pure pieces of init: proposals, blocks in other people's files, the preview's diff, signers' lines, command lines. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectChecks } from '../../src/core/checks/detect/index.ts';
import { textsToRead } from '../../src/core/checks/detect/project.ts';
import { parseSigners, signerLine } from '../../src/core/policy/signers.ts';
import { lineDiff } from '../../src/core/text/line-diff.ts';
import { blockLines, withBlock } from '../../src/core/text/text-block.ts';
import { toolNotes } from '../../src/lifecycle/init/ignored.ts';
import { splitCommand } from '../../src/trust/command-line.ts';

const detect = (files: Record<string, string>) => {
  const paths = Object.keys(files);
  return detectChecks({ paths, texts: new Map(textsToRead(paths).map((path) => [path, files[path] ?? ''])) });
};
const manifest = (value: object) => JSON.stringify(value);

describe('proposed checks', () => {
  test('npm scripts, with the lock file\u2019s package manager', () => {
    const scripts = { test: 'node --test', lint: 'biome check .', build: 'x' };
    expect(detect({ 'package.json': manifest({ scripts, devDependencies: { a: '1' } }), 'package-lock.json': '{}' })).toEqual({
      setup: 'npm ci',
      setup_inputs: ['package.json', 'package-lock.json'],
      checks: [
        { name: 'test', run: 'npm test' },
        { name: 'lint', run: 'npm run lint' },
      ],
    });
    expect(detect({ 'package.json': manifest({ scripts }), 'pnpm-lock.yaml': '' })).toMatchObject({
      setup: 'pnpm install --frozen-lockfile',
      checks: [{ run: 'pnpm test' }, { run: 'pnpm run lint' }],
    });
    expect(detect({ 'package.json': manifest({ scripts }) }).setup).toBeNull();
    expect(detect({ 'package.json': manifest({ scripts, dependencies: { a: '1' } }) }).setup).toBe('npm install --no-package-lock');
  });

  test('what npm init writes is no test; broken manifests propose nothing', () => {
    expect(detect({ 'package.json': manifest({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }) }).checks).toEqual([]);
    expect(detect({ 'package.json': '{' }).checks).toEqual([]);
    expect(detect({ 'package.json': '[]' }).checks).toEqual([]);
    expect(detect({})).toEqual({ setup: null, setup_inputs: [], checks: [] });
  });

  test('python, go and rust; the second language\u2019s names say so', () => {
    const python = { 'pyproject.toml': '[tool.pytest.ini_options]\n[tool.ruff]\n' };
    expect(detect(python).checks).toEqual([
      { name: 'test', run: 'python3 -m pytest' },
      { name: 'lint', run: 'ruff check .' },
    ]);
    expect(detect({ ...python, 'uv.lock': '' })).toMatchObject({ setup: 'uv sync --frozen', checks: [{ run: 'uv run pytest' }, {}] });
    expect(detect({ 'go.mod': '', 'Cargo.toml': '' }).checks.map(({ name, run }) => `${name}: ${run}`)).toEqual([
      'test: go test ./...',
      'lint: go vet ./...',
      'rust-test: cargo test',
    ]);
  });
});

describe('proposed checks of other languages', () => {
  const run = (files: Record<string, string>) => detect(files).checks.map((check) => `${check.name}: ${check.run}`);
  const CASE = 'import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n';

  test('Python without any configuration: by what its tests are written for, and where they can be imported from', () => {
    const packaged = { 'shop/__init__.py': '', 'tests/__init__.py': '', 'tests/test_prices.py': CASE };
    expect(run(packaged)).toEqual(['test: python3 -m unittest discover']);
    expect(run({ 'pyproject.toml': '[project]\nname="shop"\n', 'tests/unit/test_a.py': CASE, 'tests/unit/test_b.py': CASE })).toEqual([
      'test: python3 -m unittest discover -s tests/unit',
    ]);
    expect(run({ 'a_test.py': CASE })).toEqual(["test: python3 -m unittest discover -p '*_test.py'"]);
    expect(run({ 'tests/test_a.py': 'def test_a():\n    assert 1\n' })).toEqual(['test: python3 -m pytest']);
    expect(run({ 'tests/conftest.py': '', 'tests/test_a.py': CASE })).toEqual(['test: python3 -m pytest']);
    expect(run({ 'setup.cfg': '[tool:pytest]\n', 'ruff.toml': '' })).toEqual(['test: python3 -m pytest', 'lint: ruff check .']);
    expect(run({ 'pyproject.toml': '[project]\n', 'shop.py': '' })).toEqual([]);
    // What sessions left is nobody's project.
    expect(run({ 'sessions/session-x/artifacts/tests/test_a.py': CASE })).toEqual([]);
  });

  test('Python with requirements runs in an environment of its own', () => {
    const files = { 'requirements.txt': 'flask\n', 'requirements-dev.txt': 'mypy\n', 'test_a.py': 'import pytest\n' };
    expect(detect(files)).toEqual({
      setup: 'python3 -m venv .venv && .venv/bin/pip install --quiet -r requirements.txt -r requirements-dev.txt pytest',
      setup_inputs: ['requirements.txt', 'requirements-dev.txt'],
      checks: [{ name: 'test', run: '.venv/bin/python -m pytest' }],
    });
    expect(detect({ 'poetry.lock': '', 'pyproject.toml': '', 'test_a.py': CASE })).toMatchObject({
      setup: 'poetry install',
      checks: [{ run: 'poetry run python -m unittest discover' }],
    });
  });

  test('Ruby, Gradle, Maven, .NET, and make where nothing else tests', () => {
    expect(detect({ Gemfile: '', 'Gemfile.lock': '', 'spec/a_spec.rb': '' })).toEqual({
      setup: 'bundle install --quiet',
      setup_inputs: ['Gemfile', 'Gemfile.lock'],
      checks: [{ name: 'test', run: 'bundle exec rspec' }],
    });
    expect(run({ Rakefile: 'Rake::TestTask.new(:test)\n' })).toEqual(['test: rake test']);
    expect(run({ 'build.gradle.kts': '', gradlew: '' })).toEqual(['test: ./gradlew test']);
    expect(run({ 'pom.xml': '' })).toEqual(['test: mvn --batch-mode test']);
    expect(run({ 'Shop.sln': '', 'src/Shop/Shop.csproj': '' })).toEqual(['test: dotnet test']);
    expect(run({ Makefile: 'all: x\n\ntest: all\n\t./run\n' })).toEqual(['test: make test']);
    expect(run({ Makefile: 'test := 1\ntests: x\n' })).toEqual([]);
    expect(run({ Makefile: 'test:\n', 'Cargo.toml': '' })).toEqual(['test: cargo test']);
    // A package.json without scripts takes no name away.
    expect(run({ 'package.json': '{"devDependencies":{"husky":"9"}}', 'test_a.py': CASE })).toEqual(['test: python3 -m unittest discover']);
  });
});

test('a runner that is told where its tests are does not wander into sessions/', () => {
  const notes = (script: string) => toolNotes(new Map([['package.json', manifest({ private: true, scripts: { test: script } })]])).length;
  const wanders = ['node --test', 'tsc && node --test --experimental-test-coverage', 'node --import=tsx --test && echo done', 'vitest run'];
  const stays = [
    'node --test test/*.test.js',
    'node --test --test-reporter=spec test',
    "vitest run --exclude 'sessions/**'",
    'node run.js',
  ];
  expect(wanders.map(notes)).toEqual([1, 1, 1, 1]);
  expect(stays.map(notes)).toEqual([0, 0, 0, 0]);
});

describe('our block in a file of somebody else', () => {
  test('appended, replaced in place, taken out', () => {
    const put = withBlock('a\nb\n', ['x']);
    expect(put).toBe('a\nb\n# git-session: begin\nx\n# git-session: end\n');
    expect(blockLines(put)).toEqual(['x']);
    const moved = `${put}c\n`;
    expect(withBlock(moved, ['y', 'z'])).toBe('a\nb\n# git-session: begin\ny\nz\n# git-session: end\nc\n');
    expect(withBlock(moved, [])).toBe('a\nb\nc\n');
    expect(withBlock('a\r\n', ['x'])).toBe('a\r\n# git-session: begin\r\nx\r\n# git-session: end\r\n');
    expect(withBlock('no newline', ['x'])).toMatch(/^no newline\n# git/);
    expect(withBlock(null, [])).toBe('');
  });

  test('putting it in twice changes nothing, and other lines stay', () => {
    const line = fc.stringMatching(/^[a-z !/*]{0,8}$/);
    fc.assert(
      fc.property(fc.array(line), fc.array(line, { minLength: 1 }), (theirs, ours) => {
        const text = theirs.map((row) => `${row}\n`).join('');
        const once = withBlock(text, ours);
        expect(withBlock(once, ours)).toBe(once);
        expect(withBlock(once, [])).toBe(text);
        expect(blockLines(once)).toEqual(ours);
      }),
    );
  });
});

test('the preview\u2019s diff holds both texts', () => {
  const line = fc.constantFrom('a', 'b', 'c', '');
  fc.assert(
    fc.property(fc.array(line), fc.array(line), (a, b) => {
      const text = (lines: string[]) => lines.map((row) => `${row}\n`).join('');
      const diff = lineDiff(text(a), text(b), 100);
      if (diff.length > 0) {
        expect(diff.filter(({ kind }) => kind !== '+').map((row) => row.text)).toEqual(a);
        expect(diff.filter(({ kind }) => kind !== '-').map((row) => row.text)).toEqual(b);
      } else expect(a).toEqual(b);
    }),
  );
  expect(lineDiff(null, 'a\n')).toEqual([{ kind: '+', text: 'a' }]);
  expect(lineDiff('1\n2\n3\n4\n5\n', '1\n2\n3\nx\n5\n').map(({ kind, text }) => kind + text)).toEqual([' 3', '-4', '+x', ' 5']);
});

describe('signers', () => {
  const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIKQ';

  test('lines as ssh reads them', () => {
    const text = [
      '# comment',
      `dana@example.com ssh-ed25519 ${KEY} Dana Dev`,
      `a@x,b@x namespaces="git,file",valid-before="20260101" ssh-ed25519 ${KEY}`,
      `"c@x" cert-authority,namespaces="git" sk-ssh-ed25519@openssh.com ${KEY}`,
      'nonsense',
      `ssh-ed25519 ${KEY}`,
      '',
    ].join('\r\n');
    expect(parseSigners(text)).toMatchObject([
      { line: 2, principals: ['dana@example.com'], namespaces: [], authority: false, key: KEY, comment: 'Dana Dev' },
      { line: 3, principals: ['a@x', 'b@x'], namespaces: ['git', 'file'], options: 'namespaces="git,file",valid-before="20260101"' },
      { line: 4, principals: ['c@x'], authority: true, type: 'sk-ssh-ed25519@openssh.com' },
    ]);
  });

  test('a line of ours reads back, and nothing slips a second line or pattern in', () => {
    expect(parseSigners(signerLine('dana@example.com', `ssh-ed25519 ${KEY} note\u001b[2J`))).toMatchObject([
      { principals: ['dana@example.com'], namespaces: ['git'], key: KEY, comment: 'note[2J' },
    ]);
    for (const bad of ['a b', 'a\nb', '*', 'a,b', '!a', '"a"', '']) expect(() => signerLine(bad, `ssh-ed25519 ${KEY}`)).toThrow(TypeError);
    for (const bad of ['', 'ssh-ed25519', `ssh-ed25519 ${KEY.slice(1)}\u0000`, 'rsa x'])
      expect(() => signerLine('a@x', bad)).toThrow(TypeError);
  });
});

test('command lines are split as git splits them', () => {
  expect(splitCommand('ssh-add -L')).toEqual(['ssh-add', '-L']);
  expect(splitCommand(`  a "b c" 'd "e' f\\ g "" `)).toEqual(['a', 'b c', 'd "e', 'f g', '']);
});

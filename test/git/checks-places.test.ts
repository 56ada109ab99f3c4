/** Checks in monorepos, and in checkouts that hold a part of the tree. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, makeSession, results } from '../support/checks.ts';
import { TestRepo, tempDir } from '../support/repo.ts';

const pkg = (name: string, script: string) => JSON.stringify({ name, private: true, scripts: { test: script } });
const MONOREPO = {
  'package.json': JSON.stringify({ name: 'all', private: true, workspaces: ['packages/*'] }),
  'packages/a/package.json': pkg('a', 'node --test'),
  'packages/a/a.js': 'exports.a = 1;\n',
  'packages/a/a.test.js': "require('node:test')('a', () => {});\n",
  'packages/b/package.json': pkg('b', 'node --test'),
  'packages/b/b.test.js': "require('node:test')('b', () => {});\n",
  'packages/b/src/b.js': 'exports.b = 1;\n',
  'docs/guide.md': '# Guide\n',
};
const list = ['a', 'b'].map((name) => check('npm test', { name, cwd: `packages/${name}`, paths: [`packages/${name}/**`, 'package.json'] }));
const logOf = (repo: TestRepo, sha256: string | null | undefined) =>
  readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${sha256}.log`), 'utf8');

describe('a monorepo', () => {
  test('runs each package in its folder, and only where the session touched it', async () => {
    const found = await results(makeSession(MONOREPO, { 'packages/a/a.js': 'exports.a = 2;\n' }), list);
    expect(found.a).toMatchObject({ status: 'passed', tests: { total: 1 } });
    expect(found.b).toMatchObject({ status: 'not-needed', detail: 'The session changed nothing under packages/b/**, package.json.' });
    const root = await results(makeSession(MONOREPO, { 'package.json': `${MONOREPO['package.json']}\n` }), list);
    expect([root.a?.status, root.b?.status]).toEqual(['passed', 'passed']);
  });

  test('tells what the session did to the scripts and tests of the package', async () => {
    const changes = { 'packages/a/package.json': pkg('a', 'true'), 'packages/a/a.test.js': null, 'packages/b/b.test.js': '' };
    const found = await results(makeSession(MONOREPO, changes), list);
    expect(found.a?.inputs_changed).toContain('packages/a/package.json: scripts.test changed');
    expect(found.a?.inputs_changed).toContain('packages/a/a.test.js: deleted');
  });
});

describe('a checkout that holds a part of the tree', () => {
  test.each([
    ['by folders', ['--cone', 'packages/a']],
    ['by patterns', ['--no-cone', '/packages/a/', '!/packages/b/']],
  ])('sparse, %s: the checks see the whole tree, and the checkout stays as it is', async (_, args) => {
    const repo = makeSession(MONOREPO, { 'packages/b/src/new.js': '\n' });
    repo.git('sparse-checkout', 'set', ...args);
    const before = [repo.snapshot(), repo.git('sparse-checkout', 'list')];
    expect(repo.has('packages/b/b.test.js')).toBe(false);
    const seen = check('git ls-files | while read -r f; do test -e "$f" || echo "gone $f"; done; git status --porcelain', { name: 'seen' });
    const found = await results(repo, [...list, seen], { only: ['a', 'b', 'seen', 'secrets', 'routing'] });
    expect(found.b).toMatchObject({ status: 'passed', tests: { total: 1 } });
    expect(logOf(repo, found.seen?.log_sha256)).toBe('');
    expect([found.secrets?.status, found.routing?.status]).toEqual(['passed', 'passed']);
    expect([repo.snapshot(), repo.git('sparse-checkout', 'list')]).toEqual(before);
  });

  test('a partial clone fetches what the checks need', async () => {
    const whole = makeSession(MONOREPO, { 'packages/b/src/new.js': '\n' });
    whole.git('config', 'uploadpack.allowFilter', 'true');
    const dir = join(tempDir(), 'partial');
    whole.git('clone', '-q', '--filter=blob:none', '--sparse', `file://${whole.dir}`, dir);
    const repo = new TestRepo(dir);
    repo.git('branch', '-q', 'main', 'origin/main');
    const found = await results(repo, list, { only: ['b', 'secrets', 'base-moved'] });
    expect(found.b).toMatchObject({ status: 'passed', tests: { total: 1 } });
    expect([found.secrets?.status, found['base-moved']?.status]).toEqual(['passed', 'passed']);
  });
});

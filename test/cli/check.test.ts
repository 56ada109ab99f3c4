/** `git session check` as people and agents call it. */

import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/check.ts';
import { BUILT_IN_CHECKS } from '../../src/core/policy/policy.ts';
import { PACKAGE } from '../support/checks.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';

/** A repository whose policy runs `npm test`, with a session checked out; `checks` is YAML. */
async function setUp(checks = '  - { name: tests, run: npm test }', files: Record<string, string> = PACKAGE): Promise<TestRepo> {
  const repo = makeRepo({ files: { ...files, '.sessionrc.yaml': `version: 1\nchecks:\n${checks}\n` } });
  await repo.ok(['start', 'calculator-app']);
  return repo;
}

describe('check', () => {
  test('prints a table, and exits 0 where all that is required passes', async () => {
    const repo = await setUp();
    const before = repo.snapshot();
    const ran = await repo.ok(['check']);
    expect(ran.out).toMatch(/^tests +passed +[\d.]+ m?s +1 test +-$/m);
    expect(ran.out).toMatch(/^secrets +passed/m);
    expect(ran.err).toContain('Running tests …');
    expect(ran.err).toContain('tests │ ');
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.snapshot().split('--\n')[0]).toBe(before.split('--\n')[0]);
  });

  test('facts fit the schema, a failing required check exits 1', async () => {
    const repo = await setUp();
    repo.commit('break', {
      'add.js': 'exports.add = () => 0;\n',
      'package.json': PACKAGE['package.json'].replace('node --test', 'node --test test'),
    });
    repo.write('loose.txt', 'x');
    const ran = await repo.session(['check', '--json']);
    expect(ran.code).toBe(1);
    const facts = schema.parse(JSON.parse(ran.out));
    expect(facts).toMatchObject({ ok: false, uncommitted: 1, base: { branch: 'main', commit: repo.git('rev-parse', 'main') } });
    expect(facts.checks.map(({ name }) => name)).toEqual([...BUILT_IN_CHECKS, 'tests']);
    expect(facts.checks.at(-1)).toMatchObject({ name: 'tests', status: 'failed', tests: { failed: 1 } });
    expect(ran.err).toContain('the session changed package.json: scripts.test changed');
    expect(ran.err).toContain('1 file is not committed, and not checked.');
    expect(ran.err).toContain('1 required check did not pass: tests.');
  });

  test('one that is not required does not decide the exit', async () => {
    const repo = await setUp('  - { name: tests, run: exit 1, required: false }');
    const ran = await repo.ok(['check', 'tests']);
    expect(ran.out).toMatch(/^tests +failed .* not required$/m);
    expect(ran.out).not.toContain('secrets');
  });

  test('another session can be named, and its branch alone is checked', async () => {
    const repo = await setUp();
    const id = repo.git('branch', '--show-current').replace('session/', 'session-');
    repo.git('switch', '-q', 'main');
    expect((await repo.session(['check'])).code).toBe(1);
    expect(schema.parse(await repo.json(['check', 'tests', '--session', id]))).toMatchObject({ session: id, ok: true });
  });

  test('refuses an unknown name, and a session that conflicts with base', async () => {
    const repo = await setUp();
    const unknown = await repo.session(['check', 'nope\u001b[31m']);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toMatch(/There is no check "nope\^\[\[31m"\.\nnext: These are there: .*tests/);
    repo.commit('here', { 'add.js': 'here\n' });
    const branch = repo.git('branch', '--show-current');
    repo.git('switch', '-q', 'main');
    repo.commit('there', { 'add.js': 'there\n' });
    repo.git('switch', '-q', branch);
    const conflict = await repo.session(['check']);
    expect(conflict).toMatchObject({ code: 1, out: '' });
    expect(conflict.err).toContain('conflicts with main, so there is no tree to check.\nadd.js\n');
  });

  test('a check of policy cannot take the name of a built-in one', async () => {
    const repo = makeRepo();
    await repo.ok(['start', 'calculator-app']);
    repo.git('switch', '-q', 'main');
    repo.commit('policy', { '.sessionrc.yaml': 'version: 1\nchecks:\n  - { name: secrets, run: "true" }\n' });
    const before = repo.snapshot();
    const start = await repo.session(['start', 'calculator-page']);
    expect(start.code).toBe(1);
    expect(start.err).toContain('.sessionrc.yaml');
    expect(start.err).toContain(':3:13');
    expect(repo.snapshot()).toBe(before);
    repo.git('switch', '-q', '-');
    const ran = await repo.session(['check']);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('belongs to a built-in check');
  });

  test('output of a command cannot reach the terminal raw', async () => {
    const repo = await setUp('  - { name: tests, run: \'printf "\\033]0;owned\\007\\n"\' }');
    const ran = await repo.ok(['check', 'tests']);
    expect(ran.out + ran.err).not.toContain('\u001b');
    expect(ran.err).toContain('tests │ ^[]0;owned^G');
  });
});

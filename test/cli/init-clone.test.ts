/** `git session init` in a fresh clone of a project whose tracked hook scripts git runs by core.hooksPath, which no clone gets from git. */

import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/init.ts';
import { cloneOf, makeRepo, makeSshKey, type TestRepo } from '../support/repo.ts';

const FOLDER = '.githooks';

/** Set up in the first clone, with hooks of the project's own; `extra` lies beside them. */
async function project(extra: Record<string, string> = {}) {
  const hook = '#!/bin/sh\necho theirs >>"$(git rev-parse --git-dir)/ran"\n';
  const first = makeRepo({ files: { 'package.json': '{"name":"x"}\n', [`${FOLDER}/pre-commit`]: hook, ...extra } });
  chmodSync(join(first.dir, FOLDER, 'pre-commit'), 0o755);
  first.commit('mode');
  first.git('config', 'core.hooksPath', FOLDER);
  await first.ok(['init', '--yes', '--no-detect', '--presence', 'none', '--signing-key', makeSshKey()]);
  return first;
}

const config = (repo: TestRepo) => readFileSync(join(repo.dir, '.git/config'), 'utf8');

test('says what is missing, switches the scripts on, commits nothing, and gives the setting back', async () => {
  const clone = cloneOf(await project());
  const before = { tip: clone.git('rev-parse', 'HEAD'), config: config(clone) };
  const look = await clone.ok(['status']);
  expect(look.err).toMatch(/git hooks do not run in this clone[\s\S]*git session init/);
  expect((await clone.session(['doctor'])).out).toContain('git does not run the hooks here, though they are set up');

  const plan = await clone.ok(['init', '--dry-run']);
  expect(plan.out).toContain(`This clone's configuration: core.hooksPath = ${FOLDER}`);
  expect(config(clone)).not.toContain('hooksPath');
  const facts = schema.parse(await clone.json(['init', '--yes']));
  expect(facts).toMatchObject({ commit: null, files: [], here: [], settings: [{ key: 'core.hooksPath', value: FOLDER }], hooks: 'active' });
  expect(clone.git('rev-parse', 'HEAD')).toBe(before.tip);
  expect(clone.git('status', '--porcelain')).toBe('');
  expect(clone.git('config', 'core.hooksPath')).toBe(FOLDER);
  expect(await clone.json(['status'])).toMatchObject({ hooks: 'active' });
  expect((await clone.session(['doctor'])).out).toContain('git runs the hooks');
  expect((await clone.ok(['init', '--yes'])).out).toContain('Everything is set up already.');
  clone.git('commit', '-q', '--allow-empty', '-m', 'x');
  expect(readFileSync(join(clone.dir, '.git/ran'), 'utf8')).toBe('theirs\n');

  await clone.ok(['uninstall', '--local', '--yes']);
  expect(config(clone)).toBe(before.config);
});

test('from a branch that does not hold the scripts nothing is written there', async () => {
  const first = await project();
  const clone = cloneOf(first);
  clone.git('switch', '-q', '-c', 'old', first.git('rev-parse', 'main^'));
  const facts = await clone.json(['init', '--yes']);
  expect(facts).toMatchObject({ commit: null, settings: [{ key: 'core.hooksPath', value: FOLDER }] });
  expect(clone.git('status', '--porcelain', '-uall')).toBe('');
  clone.git('switch', '-q', 'main');
  expect(await clone.json(['status'])).toMatchObject({ hooks: 'active' });
});

test('a copy of the scripts elsewhere is not taken for them', async () => {
  const first = await project();
  first.git('config', 'core.hooksPath', '/dev/null');
  first.commit('a template', { 'templates/new/pre-commit': first.read(`${FOLDER}/pre-commit`) });
  const facts = await cloneOf(first).json(['init', '--yes']);
  expect(facts).toMatchObject({ commit: null, settings: [{ key: 'core.hooksPath', value: FOLDER }], hooks: 'active' });
});

test('doctor --fix switches them on too; a clone with scripts of its own keeps those', async () => {
  const first = await project();
  const fixed = cloneOf(first);
  await fixed.session(['doctor', '--fix']);
  expect(fixed.git('config', 'core.hooksPath')).toBe(FOLDER);
  const own = cloneOf(first);
  own.write('.git/hooks/pre-push', '#!/bin/sh\n');
  chmodSync(join(own.dir, '.git/hooks/pre-push'), 0o755);
  const facts = await own.json(['init', '--yes']);
  expect(facts).toMatchObject({ commit: null, settings: [], hooks: 'active' });
});

/** The set-up of checks: once a run, copies only, and a store that nothing required rests on. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy/policy.ts';
import { check, makeSession, result, results } from '../support/checks.ts';
import { type TestRepo, tempDir } from '../support/repo.ts';

/** A "package manager" that installs what the lock file says, and counts its runs. */
function setup(): { checks: Partial<Policy['checks']>; runs(): number } {
  const count = join(tempDir(), 'count');
  writeFileSync(count, '');
  const run = `printf x >> '${count}'; mkdir -p node_modules/.bin pack/node_modules && cp package-lock.json node_modules/dep && ln -s ../dep node_modules/.bin/dep && touch pack/node_modules/y stray`;
  return { checks: { setup: run, setup_inputs: [], setup_outputs: ['node_modules'] }, runs: () => readFileSync(count, 'utf8').length };
}

const BASE = { 'package-lock.json': 'v1\n', 'pack/x': 'x' };
const SEES = check(
  'cat node_modules/.bin/dep && test -e pack/node_modules/y && test ! -e stray && test ! -e node_modules/mine && touch node_modules/mine && echo bad > node_modules/dep',
);

const storeOf = (repo: TestRepo) => join(repo.dir, '.git/git-session/cache/setup');

test('runs once, and each check gets its own copy of the outputs and of nothing else', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const { checks, runs } = setup();
  const found = await results(repo, [SEES, { ...SEES, name: 'again' }], { checks });
  expect([found.tests?.status, found.again?.status]).toEqual(['passed', 'passed']);
  expect(found.again?.log_sha256).toBe(found.tests?.log_sha256);
  expect(runs()).toBe(1);
});

test('does not run where no check needs it', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const { checks, runs } = setup();
  expect((await result(repo, check('true', { paths: ['src/**'] }), { checks })).status).toBe('not-needed');
  expect(runs()).toBe(0);
});

test('one that fails leaves every check not run, with the reason and its output', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const found = await result(repo, check('true'), { checks: { setup: 'echo "no network"; exit 7' } });
  expect(found).toMatchObject({ status: 'not-run', exit_code: null, duration_ms: null });
  expect(found.detail).toBe('The set-up "echo "no network"; exit 7" exited with 7.');
  expect(readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${found.log_sha256}.log`), 'utf8')).toBe('no network\n');
});

test('is made anew for a required check; to look, the store of this clone stands in, and it is said', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const { checks, runs } = setup();
  await result(repo, SEES, { checks, purpose: 'look' });
  const looked = await result(repo, SEES, { checks, purpose: 'look' });
  expect(looked).toMatchObject({ status: 'passed', detail: "Exit 0. Its set-up came from this clone's store." });
  expect(runs()).toBe(1);
  expect(await result(repo, SEES, { checks })).toMatchObject({ status: 'passed', detail: 'Exit 0.' });
  expect(runs()).toBe(2);
  await result(repo, { ...SEES, reuse: true }, { checks });
  expect(runs()).toBe(3);
});

test('another lock file is another set-up', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const { checks, runs } = setup();
  await result(repo, SEES, { checks, purpose: 'look' });
  repo.commit('update', { 'package-lock.json': 'v2\n' });
  const found = await result(repo, SEES, { checks, purpose: 'look' });
  expect(runs()).toBe(2);
  expect(readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${found.log_sha256}.log`), 'utf8')).toBe('v2\n');
});

test('an edited store is noticed and made anew, and no required result changes by it', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const { checks, runs } = setup();
  const honest = check('grep -q v1 node_modules/dep', { required: true });
  await result(repo, honest, { checks, purpose: 'look' });
  const [key = ''] = readdirSync(storeOf(repo));
  writeFileSync(join(storeOf(repo), key, 'files/0/dep'), 'edited\n');
  expect((await result(repo, honest, { checks, purpose: 'look' })).status).toBe('passed');
  expect(runs()).toBe(2);

  // The digest edited too: to look, that is believed; to decide, it is not asked.
  const cheat = check('grep -q edited node_modules/dep');
  const { digestOutputs } = await import('../../src/closeout/checks/outputs.ts');
  const kept = join(storeOf(repo), key);
  writeFileSync(join(kept, 'files/0/dep'), 'edited\n');
  const paths = JSON.parse(readFileSync(join(kept, 'outputs.json'), 'utf8')).paths;
  writeFileSync(join(kept, 'outputs.json'), JSON.stringify({ paths, digest: digestOutputs({ dir: join(kept, 'files'), paths }) }));
  expect((await result(repo, cheat, { checks, purpose: 'look' })).status).toBe('passed');
  expect((await result(repo, cheat, { checks })).status).toBe('failed');
  expect((await result(repo, honest, { checks })).status).toBe('passed');
});

test('a store whose paths lead out of the tree deletes nothing', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const { checks } = setup();
  await result(repo, SEES, { checks, purpose: 'look' });
  const [key = ''] = readdirSync(storeOf(repo));
  const { digestOutputs } = await import('../../src/closeout/checks/outputs.ts');
  const kept = join(storeOf(repo), key);
  const victim = tempDir();
  writeFileSync(join(victim, 'kept.txt'), '');
  const paths = [`${'../'.repeat(9)}${victim.slice(1)}`, 'node_modules'];
  writeFileSync(join(kept, 'outputs.json'), JSON.stringify({ paths, digest: digestOutputs({ dir: join(kept, 'files'), paths }) }));
  expect((await result(repo, SEES, { checks, purpose: 'look' })).detail).toBe('Exit 0.');
  expect(readdirSync(victim)).toEqual(['kept.txt']);
});

test('only the newest two stores are kept', async () => {
  const repo = makeSession(BASE, { 'a.txt': 'a' });
  const { checks } = setup();
  for (const version of ['v2', 'v3', 'v4']) {
    repo.commit(version, { 'package-lock.json': `${version}\n` });
    await result(repo, SEES, { checks, purpose: 'look' });
  }
  expect(readdirSync(storeOf(repo))).toHaveLength(2);
});

/** The built-in checks, each on a session that it finds fault with and on one that it does not. */

import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { appendRecord } from '../../src/store/journal.ts';
import { ID, makeSession, results } from '../support/checks.ts';
import type { TestRepo } from '../support/repo.ts';

const KEY = ['ghp_', 'x1B4d7Kq9Zt2Wm5Rv8Yc3Hn6Js0Lf4Gp7EaQ'].join('');
const artifact = (path: string) => `sessions/${ID}/artifacts/${path}`;

async function one(name: string, base: Record<string, string>, changes: Record<string, string | null>, prepare?: (dir: string) => void) {
  const repo = makeSession(base, changes);
  prepare?.(repo.dir);
  const found = await results(repo, [], { only: [name] });
  expect(Object.keys(found)).toEqual([name]);
  return { repo, result: found[name] };
}

test('secrets: one in an added line fails, and is not shown', async () => {
  const { repo, result } = await one(
    'secrets',
    { 'old.js': `const old = '${KEY}';\n` },
    { 'a.js': `\n\nconst token = '${KEY}';\n`, 'old.js': `const old = '${KEY}';\n// more\n` },
  );
  expect(result).toMatchObject({ status: 'failed', required: true, source: 'built-in' });
  expect(result?.detail).toMatch(
    /^1 finding in the added lines of 2 files: github in a\.js:3\. By secretlint's recommended rules [\d.]+ \(\d+ rules\) and \d+ of our own\.$/,
  );
  const log = readFileSync(join(repo.dir, '.git/git-session/cache/checks', `${result?.log_sha256}.log`), 'utf8');
  expect(log + result?.detail).not.toContain(KEY);
  expect(log).toMatch(/^rules of secretlint's recommended rules [\d.]+: .*\bgithub\b/m);
  expect(log).toMatch(/^our own rules: .*\bgeneric-secret\b/m);
});

test('secrets: an accepted one passes, by rule and path', async () => {
  const repo = makeSession({}, { 'a.js': `const token = '${KEY}';\n` });
  const failed = (await results(repo, [], { only: ['secrets'] })).secrets;
  const rule = /: (\S+) in /.exec(failed?.detail ?? '')?.[1] ?? '';
  const allow = (path: string) => ({ policy: { secrets: { allow: [{ rule, path, reason: 'a test' }] } }, only: ['secrets'] });
  expect((await results(repo, [], allow('a.js'))).secrets?.status).toBe('passed');
  expect((await results(repo, [], allow('b.js'))).secrets?.status).toBe('failed');
});

test('secrets: git attributes do not hide a file', async () => {
  const { result } = await one('secrets', {}, { '.gitattributes': '* -diff binary\n', 'a.js': `const token = '${KEY}';\n` });
  expect(result?.status).toBe('failed');
});

test('large-files: the limit is policy\u2019s', async () => {
  const repo = makeSession({}, { 'big.txt': 'x'.repeat(3000), 'small.txt': 'x' });
  const limits = (large_file_kb: number) => ({ policy: { limits: { large_file_kb } }, only: ['large-files'] });
  expect((await results(repo, [], limits(2)))['large-files']).toMatchObject({
    status: 'failed',
    detail: '1 file above 2 KB: big.txt (3 KB).',
  });
  expect((await results(repo, [], limits(3)))['large-files']?.status).toBe('passed');
});

test.each([
  ['not needed without new code', { 'notes.txt': 'x', 'src/a.test.js': 'export const a = 1;\n' }, 'not-needed'],
  ['not needed where exported code is only moved about', { 'lib.js': '\nexport const one = 1;\n' }, 'not-needed'],
  ['a code artifact without words', { [artifact('code/a.js')]: 'x' }, 'failed'],
  ['a code artifact with words', { [artifact('code/a.js')]: 'x', [artifact('docs/API.md')]: '# a\n' }, 'passed'],
  [
    'text files that are data are no documentation',
    { [artifact('code/a.js')]: 'x', 'src/big.txt': 'x', 'requirements.txt': 'x' },
    'failed',
  ],
  ['a README without a suffix is documentation', { [artifact('code/a.js')]: 'x', README: 'x' }, 'passed'],
  ['notes are no documentation', { [artifact('code/a.js')]: 'x', [artifact('notes/n.md')]: '# a\n' }, 'failed'],
  ['new exported code without words', { 'lib.js': 'export const one = 1;\nexport function two() {}\n' }, 'failed'],
  [
    'new exported code with words',
    { 'lib.js': 'export const one = 1;\nexport function two() {}\n', 'README.md': '# demo\ntwo\n' },
    'passed',
  ],
])('docs-for-code: %s', async (_, changes, status) => {
  const { result } = await one('docs-for-code', { 'lib.js': 'export const one = 1;\n' }, changes);
  expect(result).toMatchObject({ status, required: false });
  if (status === 'passed') expect(result?.detail).toMatch(/1 changed document: (?:artifacts\/docs\/API\.md|README(?:\.md)?)\.$/);
});

test('routing: a stray is named with the place for it', async () => {
  const { result } = await one('routing', { 'src/a.js': '' }, { 'src/b.js': '', 'auth.js': '', [artifact('code/c.js')]: '' });
  expect(result).toMatchObject({ status: 'failed', required: false });
  expect(result?.detail).toBe(`1 new file where routing (enforce) refuses it: auth.js → ${artifact('code/auth.js')}.`);
  expect((await one('routing', { 'src/a.js': '' }, { 'src/b.js': '' })).result?.status).toBe('passed');
});

test('log-health: bad lines are counted and named', async () => {
  expect((await one('log-health', {}, { 'a.txt': 'a' })).result?.status).toBe('passed');
  const { result } = await one('log-health', {}, { 'a.txt': 'a' }, (dir) => {
    const journal = join(dir, '.git/git-session/journal', `${ID}.jsonl`);
    mkdirSync(dirname(journal), { recursive: true });
    appendFileSync(journal, '{"v":1,"torn\nrubbish\n');
  });
  expect(result).toMatchObject({ status: 'failed', required: false });
  expect(result?.detail).toMatch(/^0 records of log and journal read, 2 bad lines set aside\.$/);
});

test('log-health: a pattern that says nothing is named', async () => {
  const repo = makeSession({}, { 'a.txt': 'a' });
  const { commonDir } = await repo.open();
  const store = (key: string, value: unknown) =>
    appendRecord(commonDir, ID, {
      kind: 'memory.stored',
      actor: { kind: 'agent', name: 'dev' },
      data: { namespace: 'reasoning-bank', key: `pattern/${key}`, value },
    });
  store('good', { approach: 'cookies' });
  expect((await results(repo, [], { only: ['log-health'] }))['log-health']).toMatchObject({
    status: 'passed',
    detail: '1 record of log and journal read, no bad line.',
  });
  store('hollow', { success_rate: 100 });
  const found = (await results(repo, [], { only: ['log-health'] }))['log-health'];
  expect(found?.status).toBe('failed');
  expect(found?.detail).toContain('1 pattern without a word to learn from: pattern/hollow.');
});

/** Commits on main, and back to the session. */
function onMain(repo: TestRepo, files: Record<string, string>): void {
  repo.git('switch', '-q', 'main');
  repo.commit('on main', files);
  repo.git('switch', '-q', '-');
}

test('base-moved: says how far, and which files both sides changed; fails where base is not what others have', async () => {
  const repo = makeSession({ 'a.txt': '1\n2\n3\n4\n5\n' }, { 'a.txt': '1\n2\n3\n4\nfive\n', 'b.txt': 'b' });
  const found = async () => (await results(repo, [], { only: ['base-moved'] }))['base-moved'];
  expect(await found()).toMatchObject({ status: 'passed', required: false, detail: 'main has not moved since the session left it.' });
  onMain(repo, { 'c.txt': 'c' });
  const moved = 'main has moved by 1 commit (1 file) since the session left it, in none that the session changed.';
  expect(await found()).toMatchObject({ status: 'passed', detail: moved });
  onMain(repo, { 'a.txt': 'one\n2\n3\n4\n5\n' });
  const both =
    'main has moved by 2 commits (2 files) since the session left it; 1 file changed on both sides and merged without a conflict: a.txt.';
  expect(await found()).toMatchObject({ status: 'passed', detail: both });
  const remote = join(repo.dir, '..', 'remote');
  repo.git('clone', '-q', '--bare', '.', remote);
  repo.git('remote', 'add', 'origin', remote);
  onMain(repo, { 'd.txt': 'd' });
  repo.git('push', '-q', 'origin', 'main');
  repo.git('fetch', '-q');
  repo.git('branch', '-f', 'main', 'main~1');
  repo.git('branch', '-q', '-u', 'origin/main', 'main');
  expect(await found()).toMatchObject({
    status: 'failed',
    detail: 'main is 1 commit behind origin/main, as last fetched: these checks did not run on what would land there.',
  });
});

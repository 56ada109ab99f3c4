/** What commands say of files that are no work of the session, of changed names, and of places where they cannot work. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schema as sessionEnd } from '../../src/cli/schemas/hooks-session-end.ts';
import { makeRepo, tempDir } from '../support/repo.ts';

test('files from before the session and drafts are never asked to be committed', async () => {
  const repo = makeRepo({ files: { 'src/app.js': '1\n' } });
  repo.write('src/app.js', 'mine\n');
  const started = await repo.ok(['start', 'Straße', 'to', 'größe'], { env: { NO_COLOR: '1', FORCE_COLOR: '1' } });
  expect(started.out).toContain('topic      strasse-to-grosse');
  expect(started.err).not.toContain('Warning');
  const end = sessionEnd.parse(await repo.json(['hooks', 'session-end', '--export-metrics']));
  expect(end).toMatchObject({ leftovers: [], from_before: ['src/app.js'] });
  const quiet = await repo.json(['status']);
  expect(quiet.uncommitted).toEqual([{ path: 'src/app.js', how: 'modified' }]);
  expect(quiet.next).not.toMatch(/uncommitted/);
  repo.write(`sessions/${end.session}/artifacts/notes/a.md`, 'x\n');
  expect((await repo.json(['status'])).next).toMatch(
    /Have 1 uncommitted file of the session committed with: git session hooks session-end/,
  );
  repo.write('src/new.js', 'x\n');
  expect((await repo.json(['status'])).next).toMatch(
    /Commit 1 file of your own, or set it aside: nothing takes it into the session by itself/,
  );
  // A whole topic names the session.
  expect((await repo.json(['show', 'strasse-to-grosse'])).session.id).toBe(end.session);
  const left = await repo.ok(['abandon']);
  expect(left.out).toMatch(/uncommitted files, in no commit of the session:[\s\S]*src\/new\.js/);
});

test('drafts keep no branch from being checked out that brings the sealed documents, and a push does not name them', async () => {
  const repo = makeRepo();
  await repo.ok(['init', '--yes', '--no-detect', '--no-approver']);
  const { id, branch } = (await repo.json(['start', 'price-tax'])).session;
  const summary = `sessions/${id}/session-summary.md`;
  repo.git('switch', '-q', '-c', 'landed', 'main');
  repo.commit('landed elsewhere', { [summary]: 'sealed\n', [`sessions/${id}/metrics.json`]: '{}\n' });
  repo.git('switch', '-q', branch);
  await repo.ok(['memory', 'store', 'a', '1']);
  expect((await repo.json(['status'])).records.uncommitted).toBe(1);
  repo.git('init', '-q', '--bare', '../remote.git');
  const push = () => spawnSync('git', ['push', '../remote.git', 'HEAD'], { cwd: repo.dir, encoding: 'utf8' }).stderr;
  expect(push()).toMatch(/records of memory and tasks not committed yet: 1\nnext: git session hooks session-end/);
  await repo.ok(['hooks', 'session-end', '--export-metrics']);
  expect(repo.read(summary)).toContain('price-tax');
  expect((await repo.json(['status'])).records.uncommitted).toBe(0);
  expect(push()).not.toContain('git-session');
  expect(repo.git('status', '--porcelain')).toBe('');
  repo.git('switch', '-q', 'landed');
  expect(repo.read(summary)).toBe('sealed\n');
  await repo.ok(['switch', id]);
  await repo.ok(['hooks', 'session-end']);
  repo.git('merge', '-q', '--no-edit', 'landed');
  expect(repo.read(summary)).toBe('sealed\n');
});

test('an unborn branch, a bare repository, and keys that look like paths', async () => {
  const repo = makeRepo();
  const [empty, bare] = [tempDir(), tempDir()];
  execFileSync('git', ['init', '-q', empty]);
  execFileSync('git', ['clone', '-q', '--bare', repo.dir, bare]);
  expect((await repo.json(['status'], { cwd: empty })).next).toMatch(/^Make the first commit/);
  for (const words of [['log'], ['list'], ['verify', '--all']]) {
    const ran = await repo.session(words, { cwd: bare });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/bare[\s\S]*log, list and verify read from one too/);
  }
  await repo.ok(['start', 'memory-keys']);
  for (const key of ['../../x', 'a//b', '/a', 'a/', 'a/./b']) expect((await repo.session(['memory', 'store', key, '1'])).code).toBe(2);
});

test('folders of another session go where they are empty, and stay where something is in them', async () => {
  const repo = makeRepo();
  // git itself switches away here: its hook sees which session HEAD has left.
  await repo.ok(['init', '--yes', '--no-detect', '--no-approver']);
  const ids: string[] = [];
  for (const topic of ['first-part', 'second-part', 'third-part']) {
    ids.push((await repo.json(['start', topic])).session.id);
    if (topic === 'second-part') repo.write(`sessions/${ids[1]}/artifacts/notes/a.md`, 'x\n');
    repo.git('switch', '-q', 'main');
  }
  await repo.ok(['switch', 'third-part']);
  expect(ids.map((id) => existsSync(join(repo.dir, 'sessions', id)))).toEqual([false, true, true]);
});

test('a check that fails when it is tried says why, and what the policy will have', async () => {
  const manifest = '{ "scripts": { "test": "echo No module named pytest; exit 1" } }\n';
  const repo = makeRepo({ files: { 'package.json': manifest } });
  const ran = await repo.ok(['init', '--yes', '--no-approver', '--no-hooks']);
  expect(ran.err).toMatch(/test: failed[\s\S]*\| No module named pytest[\s\S]*required: false/);
});

test('a person goes by the name that git has for them, and is called a person', async () => {
  const repo = makeRepo({ files: { 'src/app.js': '1\n' } });
  await repo.ok(['start', 'who-it-was']);
  await repo.ok(['memory', 'store', 'k', 'v']);
  expect(await repo.json(['memory', 'get', 'k'])).toMatchObject({ by: { kind: 'person', name: 'Dana Dev' } });
  await repo.ok(['memory', 'store', 'k', 'w'], { env: { GIT_AUTHOR_NAME: 'Robin \u001b[31mRed' } });
  expect((await repo.json(['memory', 'get', 'k'])).by.name).not.toContain('\u001b');
  repo.write('src/app.js', '2\n');
  repo.git('commit', '-qam', 'By hand');
  await repo.ok(['status']);
  expect((await repo.ok(['why', 'src/app.js:1'])).out).toMatch(/^ +person +Dana Dev$/m);
});

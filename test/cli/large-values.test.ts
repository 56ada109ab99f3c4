/** Values too large for a line of the log: from the store through checkpoint, clone and seal to the audit. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendRecord } from '../../src/store/journal.ts';
import { keepValue } from '../../src/store/values.ts';
import { approvedRepo, closeSession, workOn } from '../support/landed.ts';
import { makeRepo, run, TestRepo, tempDir } from '../support/repo.ts';

const LONG = `first line\r\n${'Größe 😀 "quoted" \\ '.repeat(12_000)}end`;
const blobsIn = (repo: TestRepo, treeish: string) =>
  repo
    .git('ls-tree', '-r', '--name-only', treeish, '.swarm/log/')
    .split('\n')
    .filter((path) => path.includes('/blobs/'));

test('a large value comes back whole: here, after a checkpoint, and in another clone', async () => {
  const repo = makeRepo();
  await repo.ok(['start', 'store-large-values']);
  repo.write('.git/rows.json', JSON.stringify({ rows: Array.from({ length: 9000 }, (_, n) => ({ n, name: `row ${n}` })) }));
  await repo.ok(['memory', 'store', 'long', '--stdin'], { input: LONG });
  await repo.ok(['memory', 'store', 'rows', '--file', '.git/rows.json']);
  expect((await repo.ok(['memory', 'get', 'long'])).out).toBe(`${LONG}\n`);
  await repo.ok(['hooks', 'session-end']);
  expect(blobsIn(repo, 'HEAD')).toHaveLength(2);
  expect(repo.git('status', '--porcelain', '.swarm')).toBe('');

  const clone = new TestRepo(join(tempDir(), 'clone'));
  await run('git', ['clone', '-q', '--branch', repo.git('branch', '--show-current'), repo.dir, clone.dir]);
  expect((await clone.ok(['memory', 'get', 'long'])).out).toBe(`${LONG}\n`);
  expect(await clone.json(['memory', 'get', 'rows'])).toMatchObject({ value: { rows: { length: 9000 } }, not_recorded: [] });
  const listed = await clone.json(['memory', 'list']);
  expect(listed.entries.map((entry: { key: string; not_recorded: string[] }) => [entry.key, entry.not_recorded])).toEqual([
    ['long', []],
    ['rows', []],
  ]);

  // A file that somebody changed is no value.
  const [blob = ''] = blobsIn(clone, 'HEAD').filter((path) => clone.read(path).startsWith('"first'));
  clone.commit('tamper', { [blob]: `"something else"\n` });
  expect(await clone.session(['memory', 'get', 'long'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is missing') });
  expect((await clone.json(['memory', 'list'])).entries[0]).toMatchObject({ key: 'long', value: null, not_recorded: ['value'] });
});

test('what is too large, too deep, or a secret is refused before anything is written', async () => {
  const repo = makeRepo();
  await repo.ok(['start', 'store-large-values']);
  const token = ['gh', 'p_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('');
  const cases: [string[], string, RegExp][] = [
    [['k', '--stdin'], 'x'.repeat(10 << 20), /takes 10485763 bytes[\s\S]*1048576 \(1024 KiB\)/],
    [['pattern/a/b', '--stdin'], 'x'.repeat(50_000), /too large for a pattern/],
    [['k', '--stdin'], `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /nested too deeply[\s\S]*100 deep/],
    [['k', '--stdin'], `${'word '.repeat(20_000)} ${token}`, /looks like a secret \(rule github\)/],
  ];
  for (const [args, input, words] of cases) {
    const ran = await repo.session(['memory', 'store', ...args], { input });
    expect([ran.code, ran.err, ran.out]).toEqual([1, expect.stringMatching(words), '']);
    expect(ran.err).not.toContain(token);
  }
  expect(existsSync(join(repo.dir, '.git/git-session/blobs'))).toBe(false);
  expect((await repo.json(['memory', 'list'])).total).toBe(0);
});

test('a seal keeps what outlives the session, and leaves the rest to history and the backup', async () => {
  const policy = 'memory:\n  namespaces:\n    team: project\n';
  const { repo } = approvedRepo({ policy });
  const id = await workOn(repo, { pattern: false });
  const { commonDir } = await repo.open();
  const actor = { kind: 'agent', name: 'coder' } as const;
  const store = (namespace: string, key: string, value: string) => {
    const blob = keepValue(commonDir, id, JSON.stringify(value));
    appendRecord(commonDir, id, { kind: 'memory.stored', actor, data: { namespace, key, blob } });
    return `.swarm/log/${id}/blobs/${blob.sha256}.json`;
  };
  const stays = store('team', 'map', `stays ${LONG}`);
  const leaves = store('coordination', 'notes', `leaves ${LONG}`);
  const landed = await closeSession(repo, id);
  expect(blobsIn(repo, 'HEAD')).toEqual([stays]);
  expect(blobsIn(repo, `${landed.seal}^`).sort()).toEqual([leaves, stays].sort());
  const { memory_snapshot } = JSON.parse(repo.read(`.swarm/backups/${id}.json`));
  expect([memory_snapshot.coordination.find((row: { key: string }) => row.key === 'notes').value, memory_snapshot.team[0].value]).toEqual([
    `leaves ${LONG}`,
    `stays ${LONG}`,
  ]);
  expect(existsSync(join(repo.dir, '.git/git-session/blobs', id))).toBe(false);
  expect(readdirSync(join(repo.dir, '.git/git-session/closed'))).toContain(`${id}.blobs`);
  expect((await repo.json(['verify', id])).sessions).toMatchObject([{ id, verdict: 'verified' }]);
  expect((await repo.ok(['memory', 'get', 'team/map'])).out).toBe(`stays ${LONG}\n`);

  // Changed or gone on base: named, and nothing else is shown in its place.
  repo.commit('change', { [stays]: '"forged"\n' });
  expect(await repo.session(['memory', 'get', 'team/map'])).toMatchObject({ code: 1, err: expect.stringContaining('team/map') });
  const audit = await repo.session(['verify', id]);
  expect([audit.code, audit.out]).toEqual([4, expect.stringContaining(stays.slice(-20))]);
});

/** Nobody but the closing run says when a session was closed. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import type { TestRepo } from '../support/repo.ts';

const PLANTED = '2031-01-01T00:00:00.000Z';
let open: TestRepo;
let id: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
});

function plant(repo: TestRepo, digest: string): void {
  const folder = join(repo.dir, '.git', 'git-session', 'closeout');
  mkdirSync(folder, { recursive: true });
  const state = { version: 1, session: id, goal: 'land', step: 'approve', closedAt: PLANTED, digest, landing: null, children: [] };
  writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...state, startedAt: Date.now() }));
}

test('a state file with another moment does not reach what is signed', async () => {
  const repo = copyOf(open);
  const { digest } = await repo.json(['closeout', '--prepare']);
  plant(repo, digest);
  const from = Date.now();
  await repo.ok(['closeout', '--yes']);
  const manifest = JSON.parse(repo.git('cat-file', 'tag', `backup/${id}`).split('\n\n')[2]?.split('\n')[0] ?? '');
  for (const at of [manifest.closed_at, manifest.approved_at]) {
    expect(Date.parse(at)).toBeGreaterThanOrEqual(from - 1000);
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now());
  }
  const paths = [`sessions/${id}/metadata.json`, `sessions/${id}/metrics.json`, `.swarm/backups/${id}.json`];
  for (const path of paths) expect(JSON.parse(repo.git('show', `main:${path}`)).closed_at).toBe(manifest.closed_at);
  expect((await repo.session(['verify', id])).code).toBe(0);
});

test('a last commit from the future is refused before anything is signed', async () => {
  const repo = copyOf(open);
  await repo.ok(['closeout', '--prepare']);
  repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '--allow-empty', '-m', 'later');
  const tree = repo.git('rev-parse', 'HEAD^{tree}');
  const raw = repo.git('cat-file', 'commit', 'HEAD^').replace(/^committer (.*) \d+ /m, `committer $1 ${Date.parse(PLANTED) / 1000} `);
  expect(raw).toContain(tree);
  writeFileSync(join(repo.dir, '..', 'later'), `${raw}\n`);
  const later = repo.git('hash-object', '-t', 'commit', '-w', join(repo.dir, '..', 'later'));
  repo.git('update-ref', 'HEAD', later);
  const ran = await repo.session(['closeout', '--yes']);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('dated in the future')]);
  expect(repo.git('tag')).toBe('');
});

test('a topic with control characters does not reach history', async () => {
  const repo = copyOf(open);
  const path = `sessions/${id}/metadata.json`;
  repo.write(path, JSON.stringify({ ...JSON.parse(repo.read(path)), topic: 'x\u001b[2Jy' }));
  repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', 'Edit', '--', path);
  await repo.ok(['closeout', '--yes']);
  expect(repo.git('log', '-1', '--format=%s', 'main')).toMatch(/^session: login-form \(/);
  expect(repo.git('log', '-3', '--format=%B', 'main')).not.toContain('\u001b');
  expect(JSON.parse(repo.git('show', `main:${path}`)).topic).toBe('login-form');
  expect((await repo.session(['verify', id])).code).toBe(0);
});

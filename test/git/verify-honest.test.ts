/** Honest sessions of every shape verify: an audit that cries wolf is not listened to. */

import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyAll, verifySession } from '../../src/closeout/verify/index.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { approvedRepo, closeSession, landSession, workOn } from '../support/landed.ts';
import type { TestRepo } from '../support/repo.ts';
import { commit } from '../support/trust.ts';
import { DEV } from '../support/work.ts';

async function verified(repo: TestRepo, { id }: { id: SessionId }): Promise<void> {
  const report = await verifySession(await repo.open(), id);
  expect(report.findings.filter(({ level }) => level !== 'note')).toEqual([]);
  expect(report.verdict).toBe('verified');
}

it('with odd names, links, programs, binary and deleted files, on a base that has moved', async () => {
  const { repo } = approvedRepo({ files: { 'gone.txt': 'x\n', 'lib/a.js': '1\n', 'lib/old name.js': 'rename me\nplease\n' } });
  const id = await workOn(repo, {
    files: { 'lib/b "q" é\n.js': 'b\n', 'lib/bytes.bin': 'a\0b', 'lib/run.sh': '#!/bin/sh\n' },
    artifacts: { 'docs/ä ö.md': '# Ä\n', 'code/deep/er/x.js': 'x\n', 'tests/empty.test.js': '' },
  });
  repo.git('rm', '-q', 'gone.txt');
  repo.git('mv', 'lib/old name.js', 'lib/new name.js');
  symlinkSync('a.js', join(repo.dir, 'lib/link.js'));
  chmodSync(join(repo.dir, 'lib/run.sh'), 0o755);
  repo.commit('more');
  repo.git('switch', '-q', 'main');
  repo.commit('meanwhile', { 'lib/c.js': 'c\n', 'lib/a.js': '1\n2\n' });
  await verified(repo, await closeSession(repo, id));
});

it('in a repository of SHA-256 objects', async () => {
  const { repo } = approvedRepo({ objectFormat: 'sha256' });
  await verified(repo, await landSession(repo, { files: { 'a.js': 'a\n' } }));
  expect((await verifyAll(await repo.open())).verdict).toBe('verified');
});

it('whose seal drops the artifacts, which only the tag keeps', async () => {
  const { repo } = approvedRepo({ policy: 'land:\n  artifacts: tag\n' });
  const session = await landSession(repo);
  expect(repo.git('ls-tree', '-r', '--name-only', 'main', `sessions/${session.id}/`)).not.toContain('artifacts');
  await verified(repo, session);
});

it('with no work at all, with checks that were not needed, and after a policy change', async () => {
  const { repo, key } = approvedRepo({
    policy: 'checks:\n  list:\n    - name: web\n      run: "false"\n      required: true\n      paths: ["web/**"]\n',
  });
  const first = await landSession(repo, { artifacts: {}, pattern: false });
  commit(repo, 'No web any more', { files: { '.sessionrc.yaml': 'version: 1\npresence: none\n' }, key });
  const second = await landSession(repo, { topic: 'second-session', files: { 'web/index.html': '<p>\n' } });
  await verified(repo, first);
  await verified(repo, second);
  expect((await verifyAll(await repo.open())).verdict).toBe('verified');
});

it('that merged base into itself, while others landed', async () => {
  const { repo } = approvedRepo({ files: { 'a.txt': '1\n2\n3\n' } });
  const id = await workOn(repo, { files: { 'a.txt': 'one\n2\n3\n' } });
  const branch = repo.git('branch', '--show-current');
  repo.git('switch', '-q', 'main');
  const other = await landSession(repo, { topic: 'login-page', files: { 'a.txt': '1\n2\nthree\n' } });
  repo.git('switch', '-q', branch);
  repo.git('merge', '-q', '--no-edit', 'main');
  repo.commit('after', { 'a.txt': 'one\nTWO\nthree\n' });
  const session = await closeSession(repo, id);
  await verified(repo, session);
  await verified(repo, other);
  expect((await verifyAll(await repo.open())).verdict).toBe('verified');
});

it('while agents go on recording during the review, with patterns dropped', async () => {
  const { repo } = approvedRepo();
  const id = await workOn(repo);
  const { commonDir } = await repo.open();
  const session = await closeSession(repo, id, async () => {
    appendRecord(commonDir, id, {
      kind: 'task.started',
      actor: DEV,
      data: { task: 'late', description: 'Too late', agent_type: 'tester' },
    });
    appendRecord(commonDir, id, { kind: 'memory.stored', actor: DEV, data: { namespace: 'coordination', key: 'late', value: 1 } });
    return { verdict: 'approve', dropped: new Set(['pattern/calculator-app/pure-functions']), accepted: [] };
  });
  await verified(repo, session);
});

it('and never lets a pattern land that was stored after the review', async () => {
  const { repo } = approvedRepo();
  const id = await workOn(repo);
  const { commonDir } = await repo.open();
  const asked: number[] = [];
  const session = await closeSession(repo, id, async (prepared) => {
    asked.push(prepared.content.facts.patterns.length);
    const data = { namespace: 'reasoning-bank', key: 'pattern/late/one', value: { approach: 'trust me' } };
    if (asked.length === 1) appendRecord(commonDir, id, { kind: 'memory.stored', actor: DEV, data });
    return { verdict: 'approve', dropped: new Set(), accepted: [] };
  });
  await verified(repo, session);
  expect(asked).toEqual([1, 2]);
});

it('where base moved after the question and was checked again', async () => {
  const { repo } = approvedRepo();
  const id = await workOn(repo, { files: { 'lib.js': '1\n' } });
  let moved = false;
  const session = await closeSession(repo, id, async () => {
    if (!moved) {
      moved = true;
      repo.git('update-ref', 'refs/heads/main', repo.git('commit-tree', '-p', 'main', '-m', 'moved', 'main^{tree}'));
    }
    return { verdict: 'approve', dropped: new Set(), accepted: [] };
  });
  await verified(repo, session);
});

/** `git session abandon` and `restore`: giving up with a way back. */

import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema as abandoned } from '../../src/cli/schemas/abandon.ts';
import { schema as restored } from '../../src/cli/schemas/restore.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { approvedRepo, closeSession, landSession, workOn } from '../support/landed.ts';
import { makeRepo, TestRepo as Repository, type TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

async function refused(repo: TestRepo, args: string[], says: RegExp): Promise<void> {
  const before = repo.snapshot();
  const ran = await repo.session(args);
  expect(ran.err).toMatch(says);
  expect(ran.code).toBe(1);
  expect(repo.snapshot()).toBe(before);
}

describe('abandon', () => {
  test('returns the checkout to base with everything uncommitted, and restore brings all of it back', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'dropped-idea');
    repo.commit('work', { [`sessions/${session.id}/artifacts/code/x.js`]: 'x\n', 'src/x.ts': 'x\n' });
    const tip = repo.git('rev-parse', 'HEAD');
    repo.write('README.md', 'changed\n');
    repo.write('staged.txt', 'staged\n');
    repo.git('add', 'staged.txt');
    repo.write('new.txt', 'new\n');
    const facts = await repo.json(['abandon', '--reason', 'The API\nwill be dropped']);
    abandoned.parse(facts);
    expect(facts).toMatchObject({ id: session.id, worktree: repo.dir, branch: 'main', withdrawn_tag: null });
    expect(repo.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect(repo.git('status', '--porcelain').split('\n').sort()).toEqual([' M README.md', '?? new.txt', 'A  staged.txt']);
    expect(repo.has(`sessions/${session.id}`)).toBe(false);
    expect(repo.git('for-each-ref', '--format=%(refname)', 'refs/heads/', 'refs/git-session/')).toBe(
      `refs/git-session/trash/${session.id}\nrefs/heads/main`,
    );
    expect(repo.git('rev-parse', `${facts.trash}^`)).toBe(tip);
    expect(JSON.parse(repo.git('show', `${facts.trash}:${sessionPaths(session.id).metadata}`)).status).toBe('abandoned');
    expect(repo.git('log', '-1', '--format=%s|%(trailers:key=Session-Event,valueonly)', facts.trash)).toContain(
      'session: abandon dropped-idea|abandon',
    );
    expect(repo.git('grep', '-h', 'session.abandoned', facts.trash, '--', '.swarm/log')).toContain('The API\\nwill be dropped');

    await refused(repo, ['abandon', session.id], /abandoned already[\s\S]*restore/);
    await refused(repo, ['switch', session.id], /is abandoned[\s\S]*git session restore/);

    const back = await repo.json(['restore', session.id.slice(0, 'session-YYYYMMDD'.length)]);
    restored.parse(back);
    expect(back.restored).toMatchObject({ id: session.id, state: 'active', worktree: null });
    expect(repo.git('for-each-ref', 'refs/git-session/')).toBe('');
    expect(repo.git('show', `${session.branch}:src/x.ts`)).toBe('x');
    expect(JSON.parse(repo.git('show', `${session.branch}:${sessionPaths(session.id).metadata}`))).toEqual(session.metadata);
    await refused(repo, ['restore', session.id], /is active: there is nothing to restore/);
    expect(repo.git('fsck', '--no-dangling')).toBe('');
  });

  test('of several sessions of a topic, restore means the one that was given up, and switch the one that is open', async () => {
    const repo = makeRepo();
    const first = await startSession(repo, 'same-topic', {}, new Date(Date.now() - 60_000));
    await repo.ok(['abandon']);
    const second = await startSession(repo, 'same-topic');
    repo.git('switch', '-q', 'main');
    expect((await repo.json(['switch', 'same-topic'])).session.id).toBe(second.id);
    expect((await repo.json(['restore', 'same-topic'])).restored).toMatchObject({ id: first.id, state: 'active' });
    await refused(repo, ['restore', 'same-topic'], /names 2 sessions/);
    await refused(repo, ['switch', 'same-topic'], /names 2 sessions/);
  });

  test('a session that is not checked out moves no checkout', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'left-alone');
    repo.git('switch', '-q', 'main');
    const facts = await repo.json(['abandon', session.id]);
    expect(facts).toMatchObject({ worktree: null, branch: null, reason: null });
  });

  test('in a linked worktree, base being checked out elsewhere: the worktree stays, detached, its files kept', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'linked-idea', { worktree: true });
    const linked = new Repository(join(dirname(repo.dir), 'repo.worktrees', 'linked-idea'));
    linked.write('mine.txt', 'mine\n');
    const facts = await repo.json(['abandon', session.id]);
    expect(facts).toMatchObject({ worktree: linked.dir, branch: null });
    expect(linked.git('rev-parse', 'HEAD')).toBe(repo.git('rev-parse', 'main'));
    expect(linked.git('status', '--porcelain')).toBe('?? mine.txt');
    expect(repo.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
  });

  test('in the main checkout, base being checked out in a worktree: says where, and a session can start all the same', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'main-is-away');
    repo.git('worktree', 'add', '-q', '../away', 'main');
    const away = new Repository(join(dirname(repo.dir), 'away'));
    const ran = await repo.session(['abandon']);
    expect(ran.out).toContain(`  checkout   ${repo.dir} is detached: main is checked out in ${away.dir}\n`);
    expect(ran.err).toContain(`Return to main, once ${away.dir} is on another branch or removed, with: git switch main`);
    const before = repo.git('for-each-ref');
    expect(await repo.session(['start', 'another-topic'])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`no branch to start from.
main is checked out in ${away.dir}.
next: Name one with --base main.`),
    });
    expect(repo.git('for-each-ref')).toBe(before);
    expect((await repo.json(['start', 'another-topic', '--base', 'main'])).session.id).not.toBe(session.id);
  });

  test('where base is gone the checkout is detached', async () => {
    const repo = makeRepo();
    repo.git('switch', '-q', '-c', 'release');
    const session = await startSession(repo, 'baseless-idea');
    repo.git('branch', '-q', '-D', 'release');
    const facts = await repo.json(['abandon']);
    expect(facts).toMatchObject({ id: session.id, branch: null });
    expect(repo.git('rev-parse', 'HEAD')).toBe(session.tip);
  });

  test('is refused, with nothing changed, where uncommitted files do not fit on base', async () => {
    const repo = makeRepo({ files: { 'x.txt': 'one\n' } });
    const session = await startSession(repo, 'stuck-idea');
    repo.commit('work', { 'x.txt': 'session\n' });
    repo.write('x.txt', 'mine\n');
    await refused(repo, ['abandon'], /cannot return to main[\s\S]*x\.txt/);
    expect((await repo.json(['status'])).session.id).toBe(session.id);
  });

  test('of a sealed session withdraws its tag into the trash', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'sealed-idea');
    const path = sessionPaths(session.id).metadata;
    repo.commit('seal', { [path]: JSON.stringify({ ...session.metadata, status: 'closed', closed_at: '2026-01-01T00:00:00.000Z' }) });
    repo.git('tag', '-a', '-m', 'backup', `backup/${session.id}`);
    const tag = repo.git('rev-parse', `refs/tags/backup/${session.id}`);
    const facts = await repo.json(['abandon']);
    expect(facts.withdrawn_tag).toBe(`refs/tags/backup/${session.id}`);
    expect(repo.git('tag')).toBe('');
    expect(repo.git('rev-parse', `refs/git-session/trash/${session.id}.tag`)).toBe(tag);
    expect(JSON.parse(repo.git('show', `${facts.trash}:${path}`))).toMatchObject({ status: 'abandoned', closed_at: null });
    expect((await repo.json(['list'])).sessions.map((row: { state: string }) => row.state)).toEqual(['abandoned']);
  });

  test('of a session whose landing was reset away: it lives by its tag alone, and can be given up and brought back', async () => {
    const { repo } = approvedRepo();
    const { id, seal } = await landSession(repo);
    repo.git('reset', '-q', '--hard', 'HEAD~1');
    expect(repo.git('branch', '--list', 'session/*')).toBe('');
    expect(await repo.json(['abandon', id])).toMatchObject({ id, withdrawn_tag: `refs/tags/backup/${id}` });
    expect(repo.git('rev-parse', `refs/git-session/trash/${id}.tag^{commit}`)).toBe(seal);
    await repo.ok(['restore', id]);
    expect((await repo.json(['show', id])).session.state).toBe('active');
  });

  test('of a branch that a landing left behind leaves the approval where it is', async () => {
    const { repo } = approvedRepo();
    const id = await workOn(repo);
    const stale = repo.git('rev-parse', 'HEAD');
    const { tagOid } = await closeSession(repo, id);
    repo.git('branch', `session/${id.slice('session-'.length)}`, stale);
    expect(await repo.json(['abandon', id])).toMatchObject({ id, withdrawn_tag: null });
    expect(repo.git('rev-parse', `refs/tags/backup/${id}`)).toBe(tagOid);
    expect((await repo.json(['list'])).sessions).toMatchObject([{ id, state: 'closed' }]);
    expect((await repo.json(['show', id])).session.state).toBe('closed');
    await repo.ok(['verify', id]);
  });

  test('again after a restore, the way back is the newest', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'twice-dropped');
    await repo.ok(['abandon']);
    await repo.ok(['restore', session.id]);
    await repo.ok(['switch', session.id]);
    const tip = repo.git('rev-parse', 'HEAD');
    const facts = await repo.json(['abandon']);
    expect(repo.git('rev-parse', `${facts.trash}^`)).toBe(tip);
  });
});

test('a closed session is explained, and continued by a new one when asked', async () => {
  const repo = makeRepo();
  const session = await startSession(repo, 'landed-work');
  const { metadata, artifact } = sessionPaths(session.id);
  repo.commit('seal', {
    [metadata]: JSON.stringify({ ...session.metadata, status: 'closed' }),
    [`${artifact('notes')}/decisions.md`]: 'Keep it small.\n',
  });
  repo.git('switch', '-q', 'main');
  repo.git('merge', '-q', '--no-ff', '--no-edit', session.branch);
  repo.git('branch', '-q', '-D', session.branch);
  await refused(repo, ['restore', session.id], /never opened again[\s\S]*--continue <topic>/);
  await refused(repo, ['abandon', session.id], /has landed and cannot be abandoned/);
  await refused(repo, ['switch', session.id], /no branch in this clone[\s\S]*--continue/);
  await refused(repo, ['restore', '19990101'], /There is no session/);
  const facts = await repo.json(['restore', session.id, '--continue', 'landed work part two']);
  restored.parse(facts);
  expect(facts.started.session).toMatchObject({ topic: 'landed-work-part-two', continues: session.id, base: 'main' });
  expect(facts.started.continues.notes[0].text).toBe('Keep it small.\n');
  await refused(repo, ['restore', facts.started.session.id, '--continue', 'another-topic'], /is active; only a closed session/);
});

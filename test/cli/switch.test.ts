/** `git session switch`: moving between sessions, and every reason to stay. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/switch.ts';
import { makeRepo, TestRepo, tempDir } from '../support/repo.ts';
import { record, startSession } from '../support/started.ts';

async function refused(repo: TestRepo, args: string[], says: RegExp): Promise<void> {
  const before = repo.snapshot();
  const ran = await repo.session(args);
  expect(ran.err).toMatch(says);
  expect(ran.code).toBe(1);
  expect(repo.snapshot()).toBe(before);
}

/** An agent at work in the session. */
const busy = (repo: TestRepo, id: Parameters<typeof record>[1]) =>
  record(repo, id, { kind: 'task.started', data: { task: 'task-api-1', description: 'Build the API', agent_type: 'backend-dev' } });

describe('moves', () => {
  test('the checkout with what is uncommitted, and remakes the folders', async () => {
    const repo = makeRepo();
    const first = await startSession(repo, 'first-feature');
    const second = await startSession(repo, 'second-feature');
    repo.write('README.md', '# changed\n');
    repo.write('new.txt', 'new\n');
    const facts = await repo.json(['switch', first.id.slice(0, 'session-YYYYMMDD-HHMMSS-f'.length)]);
    schema.parse(facts);
    expect(facts).toMatchObject({ session: { id: first.id, state: 'active' }, worktree: repo.dir, moved: true });
    expect(repo.git('symbolic-ref', '--short', 'HEAD')).toBe(first.branch);
    expect(repo.git('status', '--porcelain')).toBe(' M README.md\n?? new.txt');
    expect(repo.has(`sessions/${first.id}/artifacts/code`)).toBe(true);
    expect(repo.has(`sessions/${second.id}`)).toBe(false);
    expect((await repo.json(['switch', first.branch])).moved).toBe(false);
  });

  test('to a new linked worktree, and names that worktree afterwards', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'work-beside');
    repo.git('switch', '-q', 'main');
    const facts = await repo.json(['switch', session.id, '--worktree']);
    expect(facts.worktree).toBe(join(dirname(repo.dir), 'repo.worktrees', 'work-beside'));
    expect(existsSync(join(facts.worktree, 'sessions', session.id, 'artifacts', 'notes'))).toBe(true);
    await refused(repo, ['switch', session.id], /another worktree[\s\S]*cd .*work-beside/);
  });
});

test('a session that only a remote has is named with the way to take it in', async () => {
  const repo = makeRepo();
  const { id } = await startSession(repo, 'login-form');
  repo.git('switch', '-q', 'main');
  const there = new TestRepo(join(tempDir(), 'clone'));
  repo.git('clone', '-q', '--branch', 'main', '.', there.dir);
  const ran = await there.session(['switch', 'login-form']);
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(`It is on a remote; take it in with: git session sync ${id}`) });
  await there.ok(['sync', id]);
  await there.ok(['switch', 'login-form']);
});

describe('stays', () => {
  test('while an agent is at work here, with a worktree offered', async () => {
    const repo = makeRepo();
    const other = await startSession(repo, 'search-feature');
    const session = await startSession(repo, 'busy-feature');
    await busy(repo, session);
    await refused(repo, ['switch', other.id], /An agent is at work in this checkout: backend-dev[\s\S]*--worktree/);
    await refused(repo, ['start', 'third-feature'], /An agent is at work[\s\S]*git session start third-feature --worktree/);
    await refused(repo, ['abandon'], /An agent is at work[\s\S]*--status cancelled/);
    expect((await repo.json(['switch', other.id, '--worktree'])).moved).toBe(true);
    await record(repo, session, { kind: 'task.finished', data: { task: 'task-api-1', status: 'cancelled' } });
    expect((await repo.json(['start', 'third-feature'])).session.topic).toBe('third-feature');
  });

  test('an agent that was not heard of for long does not hold it', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'gone-agent', {}, new Date(Date.now() - 3_600_000));
    await record(
      repo,
      session,
      { kind: 'task.started', data: { task: 't', description: null, agent_type: null } },
      Date.now() - 16 * 60_000,
    );
    await repo.ok(['start', 'next-feature']);
  });

  test('where files do not fit, in a merge, and for words that name none or several', async () => {
    const repo = makeRepo({ files: { 'x.txt': 'one\n' } });
    const session = await startSession(repo, 'conflicting-feature');
    repo.commit('on the session', { 'x.txt': 'session\n' });
    await startSession(repo, 'conflicting-other', { base: 'main' });
    repo.write('x.txt', 'mine\n');
    await refused(repo, ['switch', session.id], /do not fit[\s\S]*x\.txt/);
    await refused(repo, ['switch', 'session-2'], /names 2 sessions[\s\S]*conflicting-feature/);
    await refused(repo, ['switch', '../../x'], /There is no session/);
    await refused(repo, ['switch', 'main'], /It is a plain branch: git switch main\./);
    repo.git('commit', '-q', '-am', 'mine');
    expect(() => repo.git('merge', session.branch)).toThrow();
    await refused(repo, ['switch', session.id], /A merge is in progress/);
  });
});

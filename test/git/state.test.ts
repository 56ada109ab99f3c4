/** Where a session stands, from real branches, tags, bases and records. */

import { describe, expect, test } from 'vitest';
import type { SessionState } from '../../src/core/session/metadata.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { loadSession, type Session } from '../../src/lifecycle/session/session.ts';
import { deriveState } from '../../src/lifecycle/session/state.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { record, reload, startSession } from '../support/started.ts';

async function stateOf(repo: TestRepo, session: Pick<Session, 'id'>): Promise<SessionState> {
  return deriveState(await repo.open(), await reload(repo, session));
}

/** What `closeout --prepare` leaves: a record that names the tip. */
async function prepare(repo: TestRepo, session: Session): Promise<void> {
  const { tip } = await reload(repo, session);
  await record(repo, session, { kind: 'closeout.prepared', data: { tree: `${tip}^{tree}`, tip, digest: 'x' } });
}

/** A commit that closes the metadata, as the seal does. */
function seal(repo: TestRepo, session: Session): string {
  const metadata = JSON.parse(repo.read(sessionPaths(session.id).metadata));
  const closed = { ...metadata, status: 'closed', closed_at: new Date().toISOString() };
  return repo.commit('seal', { [sessionPaths(session.id).metadata]: `${JSON.stringify(closed, null, 2)}\n` });
}

const memory = { kind: 'memory.stored', data: { namespace: 'coordination', key: 'k', value: 1 } } as const;

describe('review', () => {
  test('from a prepared closeout on, also after the log and generated files changed', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'review-flow');
    expect(await stateOf(repo, session)).toBe('active');
    await prepare(repo, session);
    expect(await stateOf(repo, session)).toBe('review');
    await record(repo, session, { kind: 'task.started', data: { task: 't', description: null, agent_type: null } });
    const { log, summary } = sessionPaths(session.id);
    repo.commit('fold', { [`${log}/other.1.jsonl`]: '', [summary]: '# Summary\n' });
    expect(await stateOf(repo, session)).toBe('review');
  });

  test('ends with a change of the tree, of memory, or with a rejection', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'review-ends');
    await prepare(repo, session);
    repo.commit('more work', { 'src/x.ts': 'x' });
    expect(await stateOf(repo, session)).toBe('active');
    await prepare(repo, session);
    expect(await stateOf(repo, session)).toBe('review');
    await record(repo, session, memory);
    expect(await stateOf(repo, session)).toBe('active');
    await prepare(repo, session);
    await record(repo, session, { kind: 'closeout.rejected', data: { reasons: [{ text: 'no tests' }] } });
    expect(await stateOf(repo, session)).toBe('active');
  });

  test('a prepared tip that is not here is none', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'review-elsewhere');
    await record(repo, session, { kind: 'closeout.prepared', data: { tree: '1'.repeat(40), tip: '2'.repeat(40), digest: 'x' } });
    expect(await stateOf(repo, session)).toBe('active');
  });
});

describe('sealed and closed', () => {
  test('sealed at the seal; closed when the sealed file is on base, however it came there', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'seal-and-land');
    seal(repo, session);
    expect(await stateOf(repo, session)).toBe('sealed');
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--squash', session.branch);
    repo.git('commit', '-q', '-m', 'squashed');
    expect(await stateOf(repo, session)).toBe('closed');
    repo.commit('later work', { 'README.md': 'later\n' });
    expect(await stateOf(repo, session)).toBe('closed');
    repo.git('revert', '--no-edit', 'HEAD~1');
    expect(await stateOf(repo, session)).toBe('sealed');
  });

  test('a commit after the seal, or memory, takes it back; the log does not', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'seal-taken-back');
    seal(repo, session);
    repo.commit('log only', { [`${sessionPaths(session.id).log}/other.2.jsonl`]: '' });
    expect(await stateOf(repo, session)).toBe('sealed');
    await record(repo, session, memory, Date.now() + 5000);
    expect(await stateOf(repo, session)).toBe('active');
    const other = await startSession(repo, 'seal-then-work', { base: 'main' });
    seal(repo, other);
    repo.commit('more', { 'src/y.ts': 'y' });
    expect(await stateOf(repo, other)).toBe('active');
  });

  test('found by its tag when the branch is gone, and on base when neither is here', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'only-a-tag');
    seal(repo, session);
    repo.git('tag', '-a', '-m', 'backup', `backup/${session.id}`);
    repo.git('switch', '-q', 'main');
    repo.git('branch', '-q', '-D', session.branch);
    expect((await reload(repo, session)).ref).toBe(`refs/tags/backup/${session.id}`);
    expect((await reload(repo, session)).tip).toBe(repo.git('rev-parse', `backup/${session.id}^{commit}`));
    expect(await stateOf(repo, session)).toBe('sealed');
    repo.git('merge', '-q', '--no-ff', '--no-edit', `backup/${session.id}`);
    expect(await stateOf(repo, session)).toBe('closed');
    repo.git('tag', '-d', `backup/${session.id}`);
    expect((await reload(repo, session)).ref).toBe('refs/heads/main');
    expect(await stateOf(repo, session)).toBe('closed');
  });

  test('of two tags the later one counts', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'two-tags');
    seal(repo, session);
    repo.git('tag', '-a', '-m', 'first', `backup/${session.id}`, 'HEAD~1');
    repo.git('tag', '-a', '-m', 'second', `backup/${session.id}.2`);
    repo.git('switch', '-q', 'main');
    repo.git('branch', '-q', '-D', session.branch);
    expect((await reload(repo, session)).ref).toBe(`refs/tags/backup/${session.id}.2`);
  });

  test('stacked: what landed on the base of its base is closed', async () => {
    const repo = makeRepo();
    const first = await startSession(repo, 'stack-bottom');
    const second = await startSession(repo, 'stack-top', { stack: true });
    seal(repo, second);
    expect(second.metadata.base).toBe(first.branch);
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '--no-edit', second.branch);
    expect(await stateOf(repo, second)).toBe('closed');
  });
});

test('a file that is not ours makes no session of a branch', async () => {
  const repo = makeRepo();
  repo.git('switch', '-q', '-c', 'session/20260101-120000-not-ours');
  const opened = await repo.open();
  expect(await loadSession(opened, 'session-20260101-120000-not-ours' as Session['id'])).toBeNull();
  repo.commit('evil', { 'sessions/session-20260101-120000-not-ours/metadata.json': '{"version":1,"id":"session-20260101-120000-other"}' });
  expect(await loadSession(opened, 'session-20260101-120000-not-ours' as Session['id'])).toBeNull();
});

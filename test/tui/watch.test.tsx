/** `git session watch`: what it shows, and that it follows what agents record. */

import { join } from 'node:path';
import { renderToString } from 'ink';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordDraft } from '../../src/core/log/record.ts';
import { columns } from '../../src/core/text/columns.ts';
import type { Followed } from '../../src/lifecycle/session/follow-sessions.ts';
import { Rows } from '../../src/tui/screen.tsx';
import { firstWatch, type WatchState, watchFrame, watchKey } from '../../src/tui/watch-state.ts';
import { ID } from '../support/closeout-facts.ts';
import { atTerminal } from '../support/pty.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { record, startSession } from '../support/started.ts';

const at = (minute: number) => new Date(Date.UTC(2025, 10, 17, 14, minute)).toISOString();
const dev = { kind: 'agent' as const, name: 'backend-dev', id: 'a1' };
let n = 0;
const line = (minute: number, draft: Omit<RecordDraft, 'actor'>, actor = dev) =>
  ({ v: 1, id: `r${String(n++).padStart(4, '0')}`, at: at(minute), session: ID, actor, ...draft }) as Followed['records'][number];

const records = [
  line(31, { kind: 'task.started', data: { task: 't1', description: 'Build the form\u001b[2J', agent_type: 'backend-dev' } }),
  line(
    32,
    { kind: 'task.started', data: { task: 't2', description: 'Write tests', agent_type: 'tester' } },
    { ...dev, name: 'tester', id: 'a2' },
  ),
  line(40, {
    kind: 'file.edited',
    data: { path: `sessions/${ID}/artifacts/code/login.js`, blob: 'a'.repeat(40), task: 't1', via: 'hook' },
  }),
  line(41, { kind: 'file.edited', data: { path: 'src/old.js', blob: null, task: 't1', via: 'hook' } }),
  line(42, { kind: 'file.edited', data: { path: 'README.md', blob: 'b'.repeat(40), task: 't1', via: 'hook' } }),
  line(43, { kind: 'memory.stored', data: { namespace: 'coordination', key: 'api', value: 'x' } }),
  line(44, { kind: 'check.ran', data: { name: 'tests', status: 'passed', tree: 'c', exit_code: 0, duration_ms: 3 } }),
  line(44, { kind: 'check.ran', data: { name: 'lint', status: 'failed', tree: 'c', exit_code: 1, duration_ms: 3 } }),
];
const session = {
  ...{ id: ID, branch: 'session/x', ref: 'refs/heads/session/x', tip: 'd'.repeat(40), worktree: null },
  metadata: { topic: 'login-form', goal: 'People can log in', created_at: at(30) },
} as unknown as Followed['session'];
const sessions: Followed[] = [
  { session, state: 'active', records, read: 0 },
  {
    session: { ...session, id: `${ID}-2` as typeof ID, metadata: { ...session.metadata, topic: 'search', goal: null } },
    state: 'review',
    records: [],
    read: 0,
  },
];

describe.each([60, 80, 140])('at %d columns', (width) => {
  test('agents at work, last edits, memory and checks of every session', async () => {
    const size = { columns: width, rows: 24 };
    const state = { ...firstWatch(Date.parse(at(50))), sessions, size };
    const text = renderToString(<Rows rows={watchFrame(state)} />, { columns: width });
    const lines = text.split('\n');
    expect(lines).toHaveLength(23);
    for (const row of lines) expect(columns(row), row).toBeLessThanOrEqual(width);
    expect(text).not.toContain('\u001b');
    await expect(`${lines.map((row) => row.trimEnd()).join('\n')}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'frames', `watch-${width}.txt`),
    );
  });
});

test('an agent that was not heard of for a quarter of an hour is silent; Enter shows more of a session', () => {
  const state = { ...firstWatch(Date.parse(at(50))), sessions, size: { columns: 100, rows: 40 } };
  const text = (of: WatchState) =>
    watchFrame(of)
      .map((row) => row.map((part) => part.text).join(''))
      .join('\n');
  expect(text(state)).toMatch(/● backend-dev {2}Build the form\^\[\[2J {2}at work/);
  expect(text(state)).toMatch(/○ tester {2}Write tests {2}silent/);
  expect(text(state)).toContain('1 task at work');
  expect(text({ ...state, now: Date.parse(at(60)) })).toContain('0 tasks at work');
  expect(text(state)).toContain('and 1 before');
  const opened = watchKey(state, '', { return: true });
  expect(opened && text({ ...state, ...opened })).toContain('code/login.js');
  expect(watchKey(state, 'q', {})).toBeNull();
});

describe('on a repository', () => {
  let repo: TestRepo;
  beforeAll(() => {
    repo = makeRepo();
  });

  test('follows records, sessions that start and sessions that end', async () => {
    const terminal = atTerminal(repo.dir, ['watch'], { CI: 'true' });
    await terminal.shows('No session is open here.');
    const login = await startSession(repo, 'login-form', { goal: 'People can log in' });
    await terminal.shows('login-form  active');
    await record(repo, login, { kind: 'task.started', data: { task: 't1', description: 'Build the form', agent_type: 'backend-dev' } });
    await terminal.shows(/● backend-dev {2}Build the form {2}at work/);
    await record(repo, login, { kind: 'file.edited', data: { path: 'src/a.js', blob: 'a'.repeat(40), task: 't1', via: 'hook' } });
    await terminal.shows(/edits +\d\d:\d\d src\/a\.js/);
    await record(repo, login, { kind: 'memory.stored', data: { namespace: 'coordination', key: 'api', value: 1 } });
    await terminal.shows(/memory +\d\d:\d\d coordination\/api/);
    await record(repo, login, { kind: 'check.ran', data: { name: 'tests', status: 'failed', tree: 'c', exit_code: 1, duration_ms: 3 } });
    await terminal.shows(/checks +\d\d:\d\d ✗ tests failed/);
    await record(repo, login, { kind: 'task.finished', data: { task: 't1', status: 'completed' } });
    await terminal.shows('no task is open; 1 task ended');
    await repo.ok(['abandon', login.id, '--reason', 'enough']);
    await terminal.shows('No session is open here.');
    terminal.type('q');
    expect(await terminal.exit).toBe(0);
    expect(terminal.onAlternate()).toBe(false);
  });

  test('in plain lines: what is there, then a line for each record', async () => {
    const other = await startSession(repo, 'search');
    const terminal = atTerminal(repo.dir, ['watch', '--plain'], { NO_COLOR: '1' });
    await terminal.waitFor('search  active');
    await terminal.waitFor('none has run');
    await record(repo, other, { kind: 'memory.stored', data: { namespace: 'coordination', key: 'plan\u0007', value: 1 } });
    await terminal.waitFor(/\d\d:\d\d search: backend-dev stored coordination\/plan\^G/);
    terminal.type('\u0003');
    await terminal.exit;
    expect(terminal.onAlternate()).toBe(false);
  });
});

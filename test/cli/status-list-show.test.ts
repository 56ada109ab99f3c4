/** `git session status`, `list` and `show`: what they tell, in JSON and at three widths. */

import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { printSessions } from '../../src/cli/print/list.ts';
import { printShow } from '../../src/cli/print/show.ts';
import { showFacts } from '../../src/cli/print/show-facts.ts';
import { printStatus } from '../../src/cli/print/status.ts';
import { schema as listSchema } from '../../src/cli/schemas/list.ts';
import { schema as showSchema } from '../../src/cli/schemas/show.ts';
import { schema as statusSchema } from '../../src/cli/schemas/status.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { hasUnsafe } from '../../src/core/text/text.ts';
import { checkoutFacts } from '../../src/lifecycle/session/checkout-facts.ts';
import { listSessions } from '../../src/lifecycle/session/list-sessions.ts';
import { statusFacts } from '../../src/lifecycle/session/status-facts.ts';
import { approvedRepo, landSession } from '../support/landed.ts';
import { makeRepo, TestRepo, tempDir } from '../support/repo.ts';
import { record, reload, startSession } from '../support/started.ts';

/** A session with tasks, artifacts, workspace changes, memory, a check and things that are not committed. */
async function busySession(repo: TestRepo) {
  const session = await startSession(repo, 'auth-system-implementation', {
    goal: `People can log in with ${'a very long explanation '.repeat(8)}`,
  });
  const { artifact } = sessionPaths(session.id);
  repo.commit('Add the API\n\nSession-Task: task-api\nSession-Agent: backend-dev', {
    [`${artifact('code')}/auth.js`]: 'export {}\n',
    [`${artifact('tests')}/auth.test.js`]: 'test\n',
    [`${artifact('docs')}/API.md`]: '# API\n',
    'src/login.ts': 'login\n',
  });
  await record(repo, session, {
    kind: 'task.started',
    data: { task: 'task-docs', description: 'Write \u001b[31mthe docs', agent_type: 'api-docs' },
  });
  await record(repo, session, { kind: 'task.finished', data: { task: 'task-docs', status: 'failed', note: 'no time' } });
  await record(repo, session, {
    kind: 'memory.stored',
    data: { namespace: 'coordination', key: 'swarm/shared/api-contract', value: { a: 1 } },
  });
  await record(repo, session, {
    kind: 'memory.stored',
    data: { namespace: 'reasoning-bank', key: 'pattern/auth/jwt', value: { pattern_id: 'auth-jwt', approach: 'cookies' } },
  });
  await record(repo, session, {
    kind: 'check.ran',
    data: { name: 'tests', status: 'passed', tree: 'x', exit_code: 0, duration_ms: 5, tests: 3, coverage: 91 },
  });
  repo.write('README.md', 'changed\n');
  repo.write('evil\n\u001b[31mname.txt', 'x');
  return session;
}

describe('status', () => {
  test('in a session: all of it, also what no hook has reported', async () => {
    const repo = makeRepo();
    const session = await busySession(repo);
    repo.git('branch', '-f', 'moved', 'main');
    const facts = await repo.json(['status']);
    statusSchema.parse(facts);
    expect(facts).toMatchObject({
      session: { id: session.id, state: 'active', worktree: repo.dir },
      base: { name: 'main', ahead: 2, behind: 0 },
      memory_entries: 2,
      queued_checkpoints: 0,
      hooks: 'absent',
      initialised: false,
      open_sessions: [],
      workspace_changes: [{ status: 'A', path: 'src/login.ts' }],
      records: { bad: 0, unknown: 0 },
    });
    expect(facts.artifacts.map((row: { kind: string; path: string }) => row.kind)).toEqual(['code', 'tests', 'docs']);
    expect(facts.uncommitted).toEqual([
      { path: 'README.md', how: 'modified' },
      { path: 'evil\n\u001b[31mname.txt', how: 'untracked' },
    ]);
    expect(facts.tasks).toMatchObject([
      { task: 'task-api', agent: 'backend-dev', status: 'open', files: 4 },
      { task: 'task-docs', agent: 'api-docs', status: 'failed', note: 'no time' },
    ]);
    expect(facts.next).toContain('Let the open task finish with: git session hooks post-task --task-id task-api');
  });

  test('tells why it was sent back, until the next one is prepared', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'rejected-work');
    await record(repo, session, {
      kind: 'closeout.rejected',
      data: { reasons: [{ text: 'no tests', path: 'src/x.ts', line: 7 }, { text: 'too long' }] },
    });
    const facts = await repo.json(['status']);
    statusSchema.parse(facts);
    expect(facts.rejection.reasons).toEqual([
      { text: 'no tests', path: 'src/x.ts', line: 7 },
      { text: 'too long', path: null, line: null },
    ]);
    expect((await repo.ok(['status'])).out).toContain('src/x.ts:7: no tests');
    await record(repo, session, { kind: 'closeout.prepared', data: { tree: 'x', tip: session.tip, digest: 'x' } });
    expect(await repo.json(['status'])).toMatchObject({ rejection: null, session: { state: 'review' } });
  });

  test('tells how far base moved, and from a linked worktree the same', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'base-moves', { worktree: true });
    repo.commit('on main', { 'x.txt': 'x' });
    repo.commit('on main again', { 'x.txt': 'y' });
    const linked = new TestRepo(session.worktree ?? '');
    const facts = await linked.json(['status']);
    expect(facts.base).toMatchObject({ ahead: 1, behind: 2 });
    expect(facts.workspace_changes).toEqual([]);
    expect((await linked.ok(['status'])).out).toContain('it has moved on by 2 commits');
  });

  test('outside a session: says so, and lists the open ones', async () => {
    const repo = makeRepo();
    expect((await repo.ok(['status'])).out).toContain('No session is checked out here.');
    const session = await startSession(repo, 'open-one');
    repo.git('switch', '-q', 'main');
    const facts = await repo.json(['status']);
    statusSchema.parse(facts);
    expect(facts).toMatchObject({ session: null, base: null, open_sessions: [{ id: session.id, state: 'active' }] });
    const named = await repo.json(['status'], { env: { GIT_SESSION_ID: session.id } });
    expect(named.session.id).toBe(session.id);
  });

  test('on an unborn branch, detached, and in a merge', async () => {
    const empty = makeRepo({ empty: true });
    statusSchema.parse(await empty.json(['status']));
    const repo = makeRepo();
    repo.git('switch', '-q', '--detach');
    statusSchema.parse(await repo.json(['status']));
  });

  test('names landings that were not pushed', async () => {
    const repo = makeRepo();
    const remote = tempDir();
    new TestRepo(remote).git('init', '-q', '--bare', '.');
    repo.git('remote', 'add', 'origin', remote);
    repo.git('push', '-q', '-u', 'origin', 'main');
    const session = await startSession(repo, 'landed-here');
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '--no-edit', session.branch);
    expect((await repo.json(['status'])).unpushed_landings).toEqual([session.id]);
    repo.git('push', '-q');
    expect((await repo.json(['status'])).unpushed_landings).toEqual([]);
  });
});

describe('list', () => {
  test('by branch, tag, trash and base; with words, states, time and path', async () => {
    const repo = makeRepo();
    const landed = await startSession(repo, 'landed-feature', { goal: 'Speed' }, new Date('2026-01-01T10:00:00Z'));
    repo.commit('seal', {
      [sessionPaths(landed.id).metadata]: JSON.stringify({ ...landed.metadata, status: 'closed' }),
      'src/fast.ts': 'x',
    });
    const dropped = await startSession(repo, 'dropped-feature', { base: 'main' }, new Date('2026-01-02T10:00:00Z'));
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '--no-edit', landed.branch);
    repo.git('branch', '-q', '-D', landed.branch);
    await repo.ok(['abandon', dropped.id]);
    const sealed = await startSession(repo, 'sealed-feature', {}, new Date('2026-01-03T10:00:00Z'));
    repo.commit('seal', { [sessionPaths(sealed.id).metadata]: JSON.stringify({ ...sealed.metadata, status: 'closed' }) });
    repo.git('tag', '-a', '-m', 'backup', `backup/${sealed.id}`);
    repo.git('switch', '-q', 'main');
    repo.git('branch', '-q', '-D', sealed.branch);
    const active = await startSession(repo, 'active-feature');
    repo.commit('work', { 'src/slow.ts': 'x' });

    const facts = await repo.json(['list']);
    listSchema.parse(facts);
    expect(facts.sessions.map(({ id, state }: { id: string; state: string }) => [id, state])).toEqual([
      [active.id, 'active'],
      [sealed.id, 'sealed'],
      [dropped.id, 'abandoned'],
      [landed.id, 'closed'],
    ]);
    const ids = async (...args: string[]) => (await repo.json(['list', ...args])).sessions.map((row: { id: string }) => row.id);
    expect(await ids('speed', 'FEATURE')).toEqual([landed.id]);
    expect(await ids('--state', 'closed', '--state', 'abandoned')).toEqual([dropped.id, landed.id]);
    expect(await ids('--since', '2026-01-02', '--limit', '2')).toEqual([active.id, sealed.id]);
    expect(await ids('--path', 'src/fast.ts')).toEqual([landed.id]);
    expect(await ids('--path', 'src')).toEqual([active.id, landed.id]);
    for (const [args, says] of [
      [['--since', 'yesterday-ish'], /--since does not understand/],
      [['--path', '../x'], /not a path in this working tree/],
    ] as const) {
      const ran = await repo.session(['list', ...args]);
      expect([ran.code, ran.err]).toEqual([2, expect.stringMatching(says)]);
    }
  });

  test('from a branch that was made of a session: what was given up is no less given up there', async () => {
    const repo = makeRepo();
    const { id } = await startSession(repo, 'given-up');
    repo.git('switch', '-q', '-c', 'mine');
    await repo.ok(['abandon', id]);
    expect((await repo.json(['list'])).sessions).toMatchObject([{ id, state: 'abandoned' }]);
    expect((await repo.json(['show', id])).session.state).toBe('abandoned');
  });

  test('a landing that was taken out of base is no landing, though the checked-out branch has it', async () => {
    const { repo } = approvedRepo();
    const stays = await landSession(repo, { topic: 'first-work' });
    const gone = await landSession(repo, { topic: 'second-work' });
    repo.git('switch', '-q', '-c', 'feature');
    repo.git('branch', '-f', 'main', `${gone.merge}^1`);
    const { sessions } = listSchema.parse(await repo.json(['list']));
    expect(sessions.map(({ id, state }) => [id, state])).toEqual([
      [gone.id, 'sealed'],
      [stays.id, 'closed'],
    ]);
    expect((await repo.json(['show', gone.id])).session.state).toBe('sealed');
  });

  test('an empty repository has none', async () => {
    const repo = makeRepo({ empty: true });
    expect((await repo.ok(['list'])).out).toContain('No sessions yet');
    expect(await repo.json(['list'])).toEqual({ sessions: [], total: 0, unreadable: [] });
  });
});

describe('show', () => {
  test('an open session: who, what, why, memory, patterns, checks', async () => {
    const repo = makeRepo();
    const session = await busySession(repo);
    const facts = await repo.json(['show']);
    showSchema.parse(facts);
    expect(facts).toMatchObject({
      session: { id: session.id },
      started_by: 'dana',
      found_at: `refs/heads/${session.branch}`,
      agents: expect.arrayContaining(['backend-dev', 'api-docs']),
      patterns: { learned: [{ id: 'auth-jwt' }], offered: [], used: [] },
      checks: [{ name: 'tests', status: 'passed', tests: 3, coverage: 91 }],
      approval: null,
    });
    expect(facts.memory.map((row: { key: string }) => row.key)).toEqual([
      'coordination/swarm/shared/api-contract',
      'reasoning-bank/pattern/auth/jwt',
    ]);
    const shown = await repo.ok(['show', session.id]);
    expect(shown.out).toContain('auth.js');
    expect(shown.out).not.toContain('\u001b');
    expect((await repo.session(['show', 'nope'])).code).toBe(1);
  });
});

describe('show of a closed session', () => {
  test('names no branch that is gone, and the memory that its end cleaned', async () => {
    const { repo } = approvedRepo();
    const { id } = await landSession(repo);
    const facts = showSchema.parse(await repo.json(['show', id]));
    expect(facts.memory.map(({ key, cleaned }) => [key, cleaned])).toEqual([
      [expect.stringContaining('reasoning-bank/pattern/'), false],
      [expect.stringContaining('reasoning-bank/trajectory/'), false],
      ['coordination/phase', true],
    ]);
    const shown = (await repo.ok(['show', id])).out;
    expect(shown).toContain('  base       main\n  branch     deleted; the tag keeps its commits\n');
    expect(shown).toContain('Cleaned at its end (the backup keeps it):\n  coordination/phase (backend-dev)\n');
    const open = await startSession(repo, 'open-one');
    expect((await repo.ok(['show'])).out).toContain(`  base       main, with 1 commit on top\n  branch     ${open.branch}\n`);
    await repo.ok(['abandon']);
    expect((await repo.ok(['show', open.id])).out).toContain(`  base       main\n  kept at    refs/git-session/trash/${open.id}\n`);
  });
});

test('where nobody looks, the path of a worktree is whole', async () => {
  const repo = makeRepo();
  const at = join(dirname(repo.dir), 'a-folder-of-a-long-name', 'and-another-one-of-a-long-name', 'and-one-more');
  await repo.ok(['start', 'far-away-work', '--worktree', at]);
  for (const command of ['status', 'list']) expect((await repo.ok([command])).out).toContain(`${at}\n`);
});

describe('at 60, 80 and 140 columns no line is longer, and nothing from outside reaches the terminal raw', () => {
  /** What is printed at a width. */
  function printed(width: number, print: (io: Io) => void): string[] {
    const lines: string[] = [];
    const say = (line = '') => void lines.push(...line.split('\n'));
    print({ say, note: () => {}, json: () => {}, raw: () => {}, paint: (_, text) => text, wantsJson: false, terminal: true, width });
    return lines;
  }

  test('status, show and list', async () => {
    const repo = makeRepo();
    const session = await reload(repo, await busySession(repo));
    const opened = await repo.open();
    const now = new Date();
    const status = await statusFacts(opened, session, { initialised: true, local: false }, [], now);
    const show = await showFacts(opened, session, [], now);
    const rows = await listSessions(opened);
    const checkouts = await checkoutFacts(
      opened,
      rows.flatMap((row) => row.session.worktree ?? []),
      true,
    );
    for (const width of [60, 80, 140]) {
      const all = [
        printed(width, (io) => printStatus(io, status)),
        printed(width, (io) => printShow(io, show)),
        printed(width, (io) => printSessions(io, rows, { here: session.id, checkouts })),
      ];
      // A sentence with a command to copy is not cut.
      const lines = all.flat().filter((line) => !line.startsWith('next:'));
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width);
      expect(lines.some(hasUnsafe)).toBe(false);
      expect(all[2]?.[0]).toContain('auth-system-implementation');
      expect(all[2]?.[1]).toMatch(/^ {2}(nothing to commit|\d+ \w+.*), [\d.]+ (B|KB|MB) {2}…?.*repo$/);
    }
  });
});

/** An abandoned session's lessons land without its changes: signed, verified, kill-safe, and counted. */

import { beforeAll, describe, expect, test } from 'vitest';
import { landingPlan } from '../../src/core/closeout/plan.ts';
import { copyOf, makeApprovedRepo, makeSession, verifies } from '../support/approved-repo.ts';
import type { TestRepo } from '../support/repo.ts';

const POLICY = 'presence: none\nchecks:\n  list:\n    - { name: greeting, run: "exit 1", required: true }\n';
/** A session that used an approved pattern, learned a strategy and a pitfall, and was abandoned. */
let abandoned: TestRepo;
let id: string;

beforeAll(async () => {
  abandoned = makeApprovedRepo('presence: none\n').repo;
  await abandoned.ok(['start', 'first-login']);
  await abandoned.ok(['pattern', 'record', '--id', 'auth-jwt', '--approach', 'JWT in cookies', '--applies-to', 'build a login']);
  await abandoned.ok(['closeout', '--yes']);
  // A check that no session could pass: none of the changes land, so it has nothing to look at.
  abandoned.write('.sessionrc.yaml', `version: 1\n${POLICY}`);
  abandoned.git('commit', '-q', '-S', '-am', 'Check more');
  id = await makeSession(abandoned);
  await abandoned.ok(['pattern', 'use', 'auth-jwt', '--outcome', 'success']);
  await abandoned.ok(['pattern', 'record', '--kind', 'pitfall', '--id', 'safari-cookies', '--approach', 'Safari drops the cookie']);
  await abandoned.ok(['memory', 'store', 'reasoning-bank/notes/x', 'project memory that is no lesson']);
  await abandoned.ok(['abandon', '--reason', 'The API went away']);
});

const land = (repo: TestRepo, options = {}) => repo.session(['closeout', '--lessons-only', '--yes', id], options);
const lines = (text: string) => text.split('\n').filter(Boolean);

describe('closeout --lessons-only', () => {
  let repo: TestRepo;
  beforeAll(async () => {
    repo = copyOf(abandoned);
    const ran = await land(repo);
    expect(ran.err + ran.out, ran.err).toContain(`What ${id} learned has landed on main`);
  });

  test('is one signed commit whose only parent is base, with the session’s own files and nothing of its changes', () => {
    const base = abandoned.git('rev-parse', 'main');
    expect(repo.git('log', '-1', '--format=%P', 'main')).toBe(base);
    expect(verifies(repo, 'commit', 'main')).toBe(true);
    expect(verifies(repo, 'tag', `backup/${id}`)).toBe(true);
    const changed = lines(repo.git('diff', '--name-only', base, 'main'));
    expect(changed.filter((path) => !/^(?:\.swarm\/(?:log|backups)\/|sessions\/[^/]+\/[^/]+$)/.test(path))).toEqual([]);
    expect(changed).toContain(`sessions/${id}/metadata.json`);
    expect(JSON.parse(repo.read(`sessions/${id}/metadata.json`))).toMatchObject({ status: 'abandoned', closed_at: expect.any(String) });
    expect(repo.read(`sessions/${id}/session-summary.md`)).toContain('**Abandoned**: The API went away; none of its changes landed');
    expect(repo.git('log', '-1', '--format=%s', 'main')).toBe('session: login-form (lessons only, 1 pattern)');
    // The tag has the work, and base is no descendant of it.
    const seal = repo.git('rev-parse', `backup/${id}^{commit}`);
    expect(lines(repo.git('ls-tree', '-r', '--name-only', seal))).toContain(`sessions/${id}/artifacts/code/login.js`);
    expect(repo.git('merge-base', 'main', seal)).not.toBe(seal);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.git('fsck', '--no-dangling')).toBe('');
  });

  test('lands the pitfall and the decisions, and neither the strategy nor other memory; the outcome counts against what it used', async () => {
    const keys = lines(repo.git('grep', '-h', '"memory.stored"', 'main', '--', `.swarm/log/${id}`)).map(
      (line) => JSON.parse(line).data.key,
    );
    expect(keys.sort()).toEqual(['pattern/safari-cookies', `trajectory/${id}/decisions`]);
    const { patterns } = await repo.json(['pattern', 'list']);
    expect(patterns).toMatchObject([
      { pattern_id: 'auth-jwt', measured: { k: 1, n: 2 }, claims: { success: 1 } },
      { pattern_id: 'safari-cookies', kind: 'pitfall', measured: { k: 0, n: 0 }, provenance: { approver: 'dana@example.com' } },
    ]);
    const decisions = await repo.json(['memory', 'get', `trajectory/${id}/decisions`]);
    expect(decisions.value).toMatchObject({ abandoned: 'The API went away', steps: [{ task: 'task-1', outcome: 'completed' }] });
    const offered = await repo.ok(['start', 'safari-cookies-again']);
    expect(offered.out).toContain('- WARNING, a pitfall safari-cookies');
    await repo.ok(['abandon']);
  });

  test('is verified, and told as what it is; the session is over', async () => {
    const report = await repo.json(['verify', id]);
    expect(report).toMatchObject({ verdict: 'verified' });
    expect((await repo.json(['verify', '--all'])).verdict).toBe('verified');
    expect((await repo.ok(['log'])).out).toContain('lessons only');
    expect((await repo.json(['show', id])).session.state).toBe('closed');
    expect((await land(repo)).code).toBe(1);
    expect((await repo.session(['restore', id])).code).toBe(1);
    expect((await repo.session(['abandon', id])).code).toBe(1);
  });

  test('a clone without the tag sees that nobody’s approval is shown; a later session that goes on from it loses no file', async () => {
    await repo.ok(['start', 'login-again', '--from', id]);
    repo.git('merge', '-q', '--no-edit', `backup/${id}`);
    expect(repo.has(`sessions/${id}/artifacts/code/login.js`)).toBe(true);
    expect(repo.read('README.md')).toContain('Now with a login.');
    repo.git('switch', '-q', 'main');
    repo.git('tag', '-d', `backup/${id}`);
    expect((await repo.session(['verify', id])).code).toBe(4);
    expect((await repo.json(['pattern', 'list'])).total).toBe(1);
  });
});

test('git revert un-learns it', async () => {
  const repo = copyOf(abandoned);
  expect((await land(repo)).code).toBe(0);
  repo.git('revert', '--no-edit', 'main');
  expect((await repo.json(['pattern', 'list'])).patterns).toMatchObject([{ pattern_id: 'auth-jwt', measured: { k: 1, n: 1 } }]);
});

test('is refused of a session that was not abandoned, and shows its review where nobody may decide', async () => {
  const repo = copyOf(abandoned);
  const before = repo.git('for-each-ref');
  await repo.ok(['start', 'password-reset']);
  const other = repo.git('for-each-ref');
  expect((await repo.session(['closeout', '--lessons-only', '--yes'])).err).toContain('is active, not abandoned');
  expect(repo.git('for-each-ref')).toBe(other);
  const shown = await repo.ok(['closeout', '--lessons-only', '--prepare', id]);
  expect(shown.out).toContain('Abandoned: The API went away\nLessons only: its outcomes and pitfalls land, and none of its changes.');
  expect(shown.out).toContain('- pitfall: Safari drops the cookie');
  expect(shown.out).toContain('- dropped: one form');
  expect(repo.git('for-each-ref', 'refs/heads/main', 'refs/tags')).toBe(abandoned.git('for-each-ref', 'refs/heads/main', 'refs/tags'));
  expect(before).not.toBe(other);
});

test('a landing that was tampered with is found', async () => {
  const repo = copyOf(abandoned);
  expect((await land(repo)).code).toBe(0);
  const seal = repo.git('rev-parse', `backup/${id}^{commit}`);
  // The session's change, slipped into the commit that landed its lessons.
  const tree = repo.git('merge-tree', '--write-tree', 'main', seal).split('\n')[0] ?? '';
  const message = repo.git('log', '-1', '--format=%B', 'main');
  const forged = repo.git('commit-tree', '-S', '-p', repo.git('rev-parse', 'main^'), '-m', message, tree);
  repo.git('reset', '-q', '--hard', forged);
  const report = await repo.session(['verify', id, '--json']);
  expect(report.code).toBe(4);
  expect(report.out).toContain('"merge-tree"');
});

const steps = landingPlan({ goal: 'land', sealed: false, baseCheckout: true, sessionCheckout: 'none', keepBranch: true, push: false });

test.each(steps.map(({ name }) => name))('killed at %s, it is finished by running it again', async (step) => {
  const repo = copyOf(abandoned);
  const died = await land(repo, { env: { GIT_SESSION_TEST_KILL_AT: step } });
  expect(died.code, `${step} was not reached:\n${died.out}${died.err}`).toBe(128);
  const tag = repo.git('tag', '--list', `backup/${id}`) !== '';
  expect(repo.git('log', '-1', '--format=%s', 'main').startsWith('session: login-form'), 'base and tag move together').toBe(tag);
  const again = await land(repo);
  expect(again.code, again.err).toBe(0);
  expect(repo.git('log', '-1', '--format=%s', 'main')).toBe('session: login-form (lessons only, 1 pattern)');
  expect(lines(repo.git('log', '--first-parent', '--format=%s', 'main')).filter((subject) => subject.includes('lessons'))).toHaveLength(1);
  expect(repo.git('status', '--porcelain')).toBe('');
});

/** `git session undo`: each act taken back, done again, and refused where it cannot be. */

import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/undo.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { beginAct } from '../../src/store/acts.ts';
import { approvedRepo, closeSession, landSession, sealSession, workOn } from '../support/landed.ts';
import { expectNothingLeft, refuses } from '../support/left-behind.ts';
import { atTerminal } from '../support/pty.ts';
import { makeRepo, TestRepo, tempDir } from '../support/repo.ts';
import { reload, startSession } from '../support/started.ts';

const branchOf = (repo: TestRepo) => repo.git('symbolic-ref', '-q', '--short', 'HEAD');
/** Refs but for those that keep what was undone, HEAD, index and status. */
const state = (repo: TestRepo) =>
  [
    repo.git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads', 'refs/tags', 'refs/git-session/trash/session-*'),
    repo.git('rev-parse', '--symbolic-full-name', 'HEAD'),
    repo.git('status', '--porcelain', '--untracked-files=all'),
    repo.git('ls-files', '-s'),
  ].join('\n--\n');

async function undo(repo: TestRepo, ...args: string[]) {
  const facts = await repo.json(['undo', '--yes', ...args]);
  schema.parse(facts);
  return facts;
}

const refused = async (repo: TestRepo, args: string[], says: RegExp) => {
  const ran = await refuses(repo, () => repo.session(['undo', ...args]));
  expect(ran.err).toMatch(says);
  return ran;
};

describe('undo and its undo', () => {
  test('of a start: the branch goes and the checkout returns, uncommitted work kept; with work on it, it is refused', async () => {
    const repo = makeRepo();
    repo.write('mine.txt', 'staged\n');
    repo.git('add', 'mine.txt');
    repo.write('mine.txt', 'mine\n');
    const before = state(repo);
    const session = await startSession(repo, 'wrong-topic');
    const started = state(repo);
    expect(await undo(repo)).toMatchObject({ session: session.id, act: 'start', done: true, needs_person: false });
    expect(state(repo)).toBe(before);
    expect(repo.has('sessions')).toBe(false);
    expect(repo.git('for-each-ref', '--format=%(objectname)', 'refs/git-session/trash/undone')).toBe(session.tip);
    await refused(repo, ['--yes'], /nothing to undo here/);
    expect(await undo(repo, '--redo')).toMatchObject({ session: session.id, act: 'undo' });
    expect(state(repo)).toBe(started);
    expect(repo.has(`sessions/${session.id}/artifacts/code`)).toBe(true);
    repo.commit('work', { 'src/x.ts': 'x\n' });
    await refused(repo, ['--yes'], /cannot be undone: session\/.* has moved on[\s\S]*1 commit came after it[\s\S]*abandon/);
    await refused(repo, ['--redo', '--yes'], /no undo here/);
  });

  test('of a start in a worktree: it is removed where all is committed, and made again', async () => {
    const repo = makeRepo({ files: { '.gitignore': '.env\n' } });
    const session = await startSession(repo, 'beside', { worktree: true });
    const linked = join(dirname(repo.dir), 'repo.worktrees', 'beside');
    for (const file of ['mine.txt', '.env']) {
      new TestRepo(linked).write(file, 'mine\n');
      const ran = await repo.session(['undo', '--yes']);
      expect(ran.err).toMatch(/cannot be removed/);
      expect(ran.code).toBe(1);
      expect(readFileSync(join(linked, file), 'utf8')).toBe('mine\n');
      new TestRepo(linked).git('clean', '-qfdx', file);
    }
    await undo(repo);
    expect(existsSync(linked)).toBe(false);
    await undo(repo, '--redo');
    expect(branchOf(new TestRepo(linked))).toBe(session.branch);
  });

  test('in a checkout whose files were copied or touched since: their times alone are no change', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'copied-tree');
    const file = join(repo.dir, sessionPaths(session.id).metadata);
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    await undo(repo);
    expect(branchOf(repo)).toBe('main');
  });

  test('of an abandon can be done again after git has cleaned up: what lay in the trash is kept', async () => {
    const repo = makeRepo();
    const { id } = await startSession(repo, 'wrong-topic');
    await repo.ok(['abandon']);
    const abandoned = state(repo);
    await undo(repo);
    repo.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
    repo.git('gc', '-q', '--prune=now');
    expect(await undo(repo, '--redo')).toMatchObject({ session: id, act: 'undo' });
    expect(state(repo)).toBe(abandoned);
  });

  test('of a switch, an abandon and a restore, one after the other', async () => {
    const repo = makeRepo();
    const first = await startSession(repo, 'first');
    repo.commit('work', { 'src/x.ts': 'x\n' });
    await startSession(repo, 'second');
    const states = [state(repo)];
    for (const args of [['switch', first.id], ['abandon'], ['restore', first.id]]) {
      await repo.ok(args);
      states.push(state(repo));
    }
    for (const [n, act] of ['restore', 'abandon', 'switch'].entries()) {
      expect(await undo(repo)).toMatchObject({ act });
      expect(state(repo)).toBe(states[2 - n]);
    }
    for (const n of [1, 2, 3]) {
      await undo(repo, '--redo');
      expect(state(repo)).toBe(states[n]);
    }
    expect((await repo.json(['show', first.id])).session.state).toBe('active');
    await undo(repo);
    await undo(repo);
    expect((await repo.json(['show', first.id])).session.state).toBe('active');
    repo.git('switch', '-q', 'main');
    await refused(repo, ['--yes'], /the checkout has moved on[\s\S]*is on main now/);
  });

  test('of a checkpoint: its files are uncommitted again, what was staged stays so, and no record is lost', async () => {
    const repo = makeRepo({ files: { 'src/a.ts': 'a\n' } });
    const session = await startSession(repo, 'checkpoints');
    await repo.ok(['hooks', 'pre-task', '--task-id', 't', '--description', 'Edit', '--agent', 'dev']);
    repo.write('src/a.ts', 'changed\n');
    repo.write('src/b.ts', 'new\n');
    for (const file of ['src/a.ts', 'src/b.ts']) await repo.ok(['hooks', 'post-edit', '--file', file, '--task-id', 't']);
    await repo.ok(['hooks', 'post-task', '--task-id', 't', '--wait']);
    const { tip } = await reload(repo, session);
    repo.write('README.md', 'mine\n');
    repo.git('add', 'README.md');
    const after = state(repo);
    expect(await undo(repo)).toMatchObject({ act: 'checkpoint' });
    expect((await reload(repo, session)).tip).not.toBe(tip);
    expect(repo.git('status', '--porcelain', '--untracked-files=all').split('\n')).toEqual(['M  README.md', ' M src/a.ts', '?? src/b.ts']);
    expect((await repo.json(['show', session.id])).tasks).toHaveLength(1);
    await undo(repo, '--redo');
    expect(state(repo)).toBe(after);
    await undo(repo);
    await repo.ok(['hooks', 'post-task', '--task-id', 't', '--wait']);
    expect(repo.git('status', '--porcelain')).toBe('M  README.md');
    expect(repo.git('log', '--oneline', 'main..').split('\n')).toHaveLength(2);
    expectNothingLeft(repo);
  });

  test('of adopt and promote: the files go back, an overwritten one too', async () => {
    const repo = makeRepo({ files: { 'docs/api.md': 'old\n' } });
    const session = await startSession(repo, 'moving');
    repo.write('notes.md', 'note\n');
    await repo.ok(['adopt', 'notes.md']);
    const at = repo.git('ls-tree', '-r', '--name-only', 'HEAD', '--', `sessions/${session.id}/artifacts`);
    await repo.ok(['promote', at, 'docs/api.md', '--replace']);
    expect(repo.read('docs/api.md')).toBe('note\n');
    expect(await undo(repo)).toMatchObject({ act: 'promote', files: [{ from: 'docs/api.md', to: at }] });
    expect([repo.read('docs/api.md'), repo.read(at)]).toEqual(['old\n', 'note\n']);
    expect(repo.git('status', '--porcelain')).toBe('');
    await undo(repo, '--redo');
    expect(repo.read('docs/api.md')).toBe('note\n');
    expect(repo.has(at)).toBe(false);
    await undo(repo);
    expect(await undo(repo)).toMatchObject({ act: 'adopt' });
    expect(repo.read('notes.md')).toBe('note\n');
    expect(repo.git('ls-files', '--others')).toBe('notes.md');
    expect(repo.has(at)).toBe(false);
  });
});

describe('of a closeout', () => {
  test('a prepared one is active again; a landed one goes back whole, its tag to the trash, and lands again as it was', async () => {
    const { repo } = approvedRepo();
    const landed = await landSession(repo);
    const after = state(repo);
    const facts = await undo(repo);
    expect(facts).toMatchObject({ session: landed.id, act: 'closeout', needs_person: true });
    expect(branchOf(repo)).toBe(landed.id.replace('session-', 'session/'));
    expect(repo.git('rev-parse', 'HEAD')).toBe(repo.git('rev-parse', `${landed.seal}^`));
    expect(repo.git('rev-parse', 'main')).toBe(repo.git('rev-parse', `${landed.merge}^1`));
    expect(repo.git('tag')).toBe('');
    expect(repo.git('for-each-ref', '--format=%(objectname)', 'refs/git-session/trash/undone').split('\n')).toContain(landed.tagOid);
    expect(repo.git('status', '--porcelain')).toBe('');
    const shown = await repo.json(['status']);
    expect(shown.session).toMatchObject({ id: landed.id, state: 'active' });
    expect((await repo.json(['memory', 'get', 'phase'])).value).toBe('implementation');
    await undo(repo, '--redo');
    expect(state(repo)).toBe(after);
    expect((await repo.session(['verify', '--all'])).code).toBe(0);
    await undo(repo);
    expect(await undo(repo)).toMatchObject({ act: 'prepare' });
    // Closed once more, with another tag of the same name.
    await repo.ok(['closeout', '--yes']);
    expect((await repo.session(['verify', '--all'])).code).toBe(0);
    expectNothingLeft(repo);
  });

  test('is refused where base has moved on, or it was pushed', async () => {
    const { repo } = approvedRepo();
    const { merge } = await landSession(repo);
    const revert = `git revert -m 1 ${merge.slice(0, 12)}\n`;
    const bare = join(tempDir(), 'remote.git');
    repo.git('init', '-q', '--bare', bare);
    repo.git('remote', 'add', 'origin', bare);
    repo.git('push', '-q', 'origin', 'main');
    await refused(repo, ['--yes'], new RegExp(`has been pushed[\\s\\S]*origin/main has it[\\s\\S]*${revert}`));
    repo.git('update-ref', '-d', 'refs/remotes/origin/main');
    repo.git('push', '-q', 'origin', '--tags');
    await refused(repo, ['--yes'], /has been pushed[\s\S]*origin has it/);
    repo.git('remote', 'remove', 'origin');
    repo.commit('later', { 'later.txt': 'x\n' });
    await refused(
      repo,
      ['--yes'],
      new RegExp(`main has moved on[\\s\\S]*1 commit came after it[\\s\\S]*${revert}\\s+See what came after with: git log main`),
    );
  });

  test('comes before what was done earlier in another worktree: a session that has landed is not given up by an undo', async () => {
    const { repo } = approvedRepo();
    const id = await workOn(repo);
    const beside = new TestRepo(join(dirname(repo.dir), 'beside'));
    repo.git('switch', '-q', 'main');
    repo.git('worktree', 'add', '-q', '--detach', beside.dir);
    await beside.ok(['abandon', id]);
    await beside.ok(['restore', id]);
    await closeSession(repo, id);
    const ran = await beside.session(['undo', '--yes']);
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringMatching(/restore of .* cannot be undone[\s\S]*closeout of[\s\S]*Undo that first/),
    ]);
    expect(await repo.json(['list'])).toMatchObject({ sessions: [{ id, state: 'closed' }] });
    expect(await undo(beside, id)).toMatchObject({ act: 'closeout' });
    expect(await undo(beside)).toMatchObject({ act: 'restore' });
    expect(await repo.json(['list'])).toMatchObject({ sessions: [{ id, state: 'abandoned' }] });
  });

  test('takes a person at a terminal, as the approval did; under a pull request the seal and the tag alone', async () => {
    const { repo } = approvedRepo({ policy: 'land: { by: pr }\n' });
    await sealSession(repo, await workOn(repo));
    repo.git('config', 'gitsession.presence', 'terminal');
    const ran = await refused(repo, ['--yes'], /A person decides this/);
    expect(ran.code).toBe(3);
    const terminal = atTerminal(repo.dir, ['undo']);
    await terminal.waitFor(/backup\/session.* goes/);
    await terminal.waitFor('Do it? (yes/no)');
    terminal.type('yes\r');
    expect(await terminal.exit).toBe(0);
    expect(repo.git('tag')).toBe('');
    expect((await repo.json(['status'])).session.state).toBe('sealed');
    repo.git('config', '--unset', 'gitsession.presence');
    await undo(repo);
    expect((await repo.json(['status'])).session.state).toBe('active');
  });
});

test('without a terminal and --yes it shows what it would do, and changes nothing', async () => {
  const repo = makeRepo();
  const session = await startSession(repo, 'only-asked');
  const ran = await refuses(repo, () => repo.session(['undo']));
  expect(ran.code).toBe(3);
  expect(ran.out).toContain(`Would undo the start of ${session.id}`);
  expect((await refuses(repo, async () => ({ ...(await repo.session(['undo', '--dry-run'])), code: 1 }))).out).toContain('goes');
});

test('one that was killed anywhere is carried on by the next', async () => {
  const repo = makeRepo();
  const before = state(repo);
  const session = await startSession(repo, 'killed');
  const undone = {
    refs: [{ ref: `refs/heads/${session.branch}`, from: session.tip, to: null }],
    heads: [{ top: repo.dir, from: { branch: session.branch }, to: { branch: 'main' } }],
  };
  const { commonDir } = await repo.open();
  const acts = readFileSync(join(commonDir, 'git-session/acts.jsonl'), 'utf8');
  const reverses = JSON.parse(acts.split('\n')[0] ?? '').act;
  // After its line, after it stepped off the branch, and after the branch went.
  const steps = [
    () => {},
    () => repo.git('checkout', '-q', '--detach'),
    () => repo.git('update-ref', '-d', `refs/heads/${session.branch}`),
  ];
  beginAct(commonDir, { name: 'undo', session: session.id, top: repo.dir, effects: undone, reverses });
  for (const kill of [1, 2, 3]) {
    for (const step of steps.slice(0, kill)) step();
    const ran = await repo.ok(['undo', '--yes']);
    expect(ran.out).toContain('begun and interrupted');
    expect(state(repo)).toBe(before);
    await repo.ok(['undo', '--redo', '--yes']);
    beginAct(commonDir, { name: 'undo', session: session.id, top: repo.dir, effects: undone, reverses });
  }
});

/** `git session start` on real repositories: what it makes, what it leaves alone, and every reason why it refuses. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/start.ts';
import { approvedRepo, landSession } from '../support/landed.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { CLI, makeRepo, makeSshKey, run, TestRepo, tempDir } from '../support/repo.ts';

const KINDS = ['code', 'docs', 'notes', 'scripts', 'tests'];

/** Staged, modified, deleted and untracked files, as a person has them in the middle of something. */
function disturb(repo: TestRepo): string {
  repo.commit('files', { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
  repo.write('a.txt', 'staged\n');
  repo.git('add', 'a.txt');
  repo.write('a.txt', 'staged and changed\n');
  repo.write('b.txt', 'changed\n');
  repo.git('rm', '-q', '--cached', 'c.txt');
  repo.write('new file.txt', 'untracked\n');
  repo.write('staged new.txt', 'new\n');
  repo.git('add', 'staged new.txt');
  return status(repo);
}

const status = (repo: TestRepo) => repo.git('status', '--porcelain=v2', '--untracked-files=all');

/** Refused: exit code and sentence as expected, and nothing is another. */
async function refused(repo: TestRepo, args: string[], code: number, says: RegExp, options = {}): Promise<void> {
  const before = state(repo);
  const ran = await repo.session(['start', ...args], options);
  expect(ran.err).toMatch(says);
  expect(ran.code).toBe(code);
  expect(ran.out).toBe('');
  expect(state(repo)).toBe(before);
  expectNothingLeft(repo, { worktrees: repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)?.length ?? 0 });
}

function state(repo: TestRepo): string {
  return [
    repo.git('for-each-ref', '--format=%(refname) %(objectname)'),
    readFileSync(join(repo.git('rev-parse', '--absolute-git-dir'), 'HEAD'), 'utf8'),
    status(repo),
    repo.git('ls-files', '-s'),
    repo.git('config', '--local', '--list'),
    repo.git('worktree', 'list', '--porcelain'),
    privateFiles(repo).join('\n'),
  ].join('\n--\n');
}

function privateFiles(repo: TestRepo): string[] {
  const root = join(repo.dir, '.git', 'git-session');
  try {
    const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return names
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/(writer\.json|acts\.jsonl)$|\/locks\/|\/cache\//.test(path));
  } catch {
    return [];
  }
}

describe('what a start makes', () => {
  test('one commit with metadata and first record, a branch, empty folders; the uncommitted stays as it was', async () => {
    const repo = makeRepo();
    const before = disturb(repo);
    const base = repo.git('rev-parse', 'main');
    const facts = await repo.json(['start', 'Auth System', 'implementation!', '--goal', ' People can log in. ']);
    schema.parse(facts);
    const { id } = facts.session;

    expect(id).toMatch(/^session-\d{8}-\d{6}-auth-system-implementation$/);
    expect(facts).toMatchObject({
      base_commit: base,
      linked_worktree: null,
      initialised: false,
      carried: ['a.txt', 'b.txt', 'c.txt', 'new file.txt', 'staged new.txt'],
    });
    expect(status(repo)).toBe(before);
    expect(repo.git('symbolic-ref', 'HEAD')).toBe(`refs/heads/session/${id.slice('session-'.length)}`);
    expect(repo.git('rev-parse', 'HEAD^')).toBe(base);
    expect(repo.git('rev-parse', 'main')).toBe(base);
    const changed = repo.git('diff-tree', '-r', '--name-status', '--no-commit-id', 'HEAD').split('\n');
    expect(changed).toEqual([
      expect.stringMatching(new RegExp(`^A\t.swarm/log/${id}/[a-z0-9]+\\.1\\.jsonl$`)),
      `A\tsessions/${id}/metadata.json`,
    ]);
    expect(JSON.parse(repo.read(`sessions/${id}/metadata.json`))).toEqual({
      version: 1,
      id,
      topic: 'auth-system-implementation',
      goal: 'People can log in.',
      status: 'active',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      closed_at: null,
      branch: `session/${id.slice('session-'.length)}`,
      base: 'main',
      continues: null,
      related: [],
      backup_location: null,
    });
    const log = repo.git('show', `HEAD:${changed[0]?.slice(2)}`).split('\n');
    expect(log.map((line) => JSON.parse(line))).toMatchObject([
      { v: 1, kind: 'session.started', session: id, data: { topic: 'auth-system-implementation', base: 'main', base_commit: base } },
    ]);
    expect(readdirSync(join(repo.dir, 'sessions', id, 'artifacts')).sort()).toEqual(KINDS);
    expect(repo.git('log', '-1', '--format=%B')).toBe(
      `session: start auth-system-implementation\n\nSession-Id: ${id}\nSession-Event: start\n`,
    );
    expect(repo.git('fsck', '--no-dangling')).toBe('');
  });

  test('the journal holds the same record as the log, so that a reset branch loses nothing', async () => {
    const repo = makeRepo();
    const { session } = await repo.json(['start', 'journal-copy']);
    const [log] = repo.git('ls-tree', '-r', '--name-only', 'HEAD', '.swarm/log/').split('\n');
    expect(readFileSync(join(repo.dir, '.git/git-session/journal', `${session.id}.jsonl`), 'utf8')).toBe(
      `${repo.git('show', `HEAD:${log}`)}\n`,
    );
  });

  test('says for people what it did, at 80 columns', async () => {
    const repo = makeRepo();
    const ran = await repo.ok(['start', 'search-page-speed']);
    expect(ran.out).toContain('Started session-');
    expect(ran.out).toContain('artifacts/{code,tests,docs,scripts,notes}/');
    expect(ran.err).toContain('git session init');
    const id = /session-\S+/.exec(ran.out)?.[0];
    repo.git('switch', '-q', 'main');
    await repo.ok(['start', 'page-speed']);
    const again = await repo.ok(['start', 'search page speed']);
    expect(again.err).toContain(`${id} is open on the same topic. To go on in that one: git session switch ${id}\n`);
    expect(again.err.match(/is open on/g)).toHaveLength(1);
  });

  test('a topic or goal that holds a secret is refused by the name of the rule, and is nowhere afterwards', async () => {
    const repo = makeRepo();
    const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const before = repo.snapshot();
    for (const args of [[`fix login with ${token}`], ['login-form', '--goal', `Log in with ${token}`]]) {
      const ran = await repo.session(['start', ...args]);
      expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('seems to hold a secret') });
      expect(ran.err).not.toContain(token);
    }
    expect(repo.snapshot()).toBe(before);
  });

  test('the topic may come on standard input, through no shell', async () => {
    const repo = makeRepo();
    const { session } = await repo.json(['start', '--topic-stdin'], { input: 'Übersicht der Bestellungen\n' });
    expect(session.topic).toBe('ubersicht-der-bestellungen');
    await refused(repo, ['twice', '--topic-stdin'], 2, /given twice/, { input: 'something-else' });
  });

  test('from a session: its base, or with --stack its tip; --base names another', async () => {
    const repo = makeRepo();
    repo.git('branch', 'release');
    const first = (await repo.json(['start', 'first-feature'])).session;
    const beside = await repo.json(['start', 'second-feature']);
    expect(beside.session.base).toBe('main');
    const on = await repo.json(['start', 'third-feature', '--base', 'release']);
    expect(on.session.base).toBe('release');
    repo.git('switch', '-q', first.branch);
    const stacked = await repo.json(['start', 'fourth-feature', '--stack']);
    expect(stacked).toMatchObject({ session: { base: first.branch }, base_commit: first.tip });
    repo.git('switch', '-q', '--detach', 'main');
    expect((await repo.json(['start', 'fifth-feature', '--base', first.branch, '--stack'])).session.base).toBe(first.branch);
  });

  test('the folders of the session that is left do not stay behind', async () => {
    const repo = makeRepo();
    const first = (await repo.json(['start', 'first-feature'])).session;
    const second = (await repo.json(['start', 'second-feature'])).session;
    expect(repo.has(`sessions/${first.id}`)).toBe(false);
    expect(repo.has(`sessions/${second.id}/artifacts/notes`)).toBe(true);
  });

  test('--from lists what an earlier session made, with its notes', async () => {
    const repo = makeRepo();
    const { session } = await repo.json(['start', 'project-alpha-planning']);
    repo.commit('plan', {
      [`sessions/${session.id}/artifacts/docs/architecture.md`]: '# Architecture\n',
      [`sessions/${session.id}/artifacts/notes/decisions.md`]: 'Use two services.\u001b[31m\n',
    });
    repo.git('switch', '-q', 'main');
    const facts = await repo.json(['start', 'project-alpha-core', '--from', session.id.slice(0, 'session-YYYYMMDD-HHMMSS'.length)]);
    schema.parse(facts);
    expect(facts.session.continues).toBe(session.id);
    expect(facts.continues).toMatchObject({
      session: session.id,
      artifacts: [
        { kind: 'docs', path: `sessions/${session.id}/artifacts/docs/architecture.md` },
        { kind: 'notes', path: `sessions/${session.id}/artifacts/notes/decisions.md` },
      ],
      notes: [{ text: 'Use two services.\u001b[31m\n' }],
    });
    const shown = await repo.ok(['start', 'project-alpha-tests', '--from', session.branch]);
    expect(shown.out).toContain('Use two services.^[[31m');
    expect(facts.continues).toMatchObject({ decisions: null, patterns: [] });
    expect(shown.out).toContain('nobody has approved it');
    await refused(repo, ['another-topic', '--from', '19990101'], 1, /There is no session/);
  });

  test('what was uncommitted is remembered by blob, without its content', async () => {
    const repo = makeRepo();
    disturb(repo);
    symlinkSync('a.txt', join(repo.dir, 'link'));
    const { session } = await repo.json(['start', 'private-facts']);
    const { dirtyAtStart } = await import('../../src/lifecycle/start/dirty.ts');
    const dirty = dirtyAtStart(await repo.open(), session.id);
    const blob = (path: string) => repo.git('hash-object', '--', path);
    expect(Object.fromEntries(dirty)).toEqual({
      'a.txt': blob('a.txt'),
      'b.txt': blob('b.txt'),
      'c.txt': blob('c.txt'),
      'new file.txt': blob('new file.txt'),
      'staged new.txt': blob('staged new.txt'),
      link: createHash('sha1').update('blob 5\0a.txt').digest('hex'),
    });
    expect(readFileSync(join(repo.dir, '.git/git-session/sessions', `${session.id}.json`), 'utf8')).not.toContain('staged and changed');
  });
});

describe('several at once', () => {
  test('8 starts of one topic at the same moment give 8 sessions', async () => {
    const repo = makeRepo();
    const runs = await Promise.all(
      Array.from({ length: 8 }, (_, i) => repo.session(['start', 'same-topic', '--worktree', `../at-${i}`, '--json'])),
    );
    const bad = runs.filter((ran) => ran.code !== 0);
    expect(bad).toEqual([]);
    const ids = runs.map((ran) => JSON.parse(ran.out).session.id as string);
    expect(new Set(ids).size).toBe(8);
    const branches = repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/session/').split('\n');
    expect(branches.sort()).toEqual(ids.map((id) => id.replace('session-', 'session/')).sort());
    for (const branch of branches) expect(repo.git('rev-list', '--count', `main..${branch}`)).toBe('1');
    expect(repo.git('for-each-ref', 'refs/git-session/')).toBe('');
    expect(repo.git('fsck', '--no-dangling')).toBe('');
  });

  test('8 starts in one checkout, which can only be on one of them', async () => {
    const repo = makeRepo();
    repo.write('mine.txt', 'mine');
    const runs = await Promise.all(Array.from({ length: 8 }, () => repo.session(['start', 'same-topic', '--json'])));
    expect(runs.filter((ran) => ran.code !== 0)).toEqual([]);
    const branches = runs.map((ran) => JSON.parse(ran.out).session.branch as string);
    expect(new Set(branches).size).toBe(8);
    expect(branches).toContain(repo.git('symbolic-ref', '--short', 'HEAD'));
    expect(status(repo)).toBe('? mine.txt');
  });

  test('a second in use, by a branch or by a backup tag, is passed over', async () => {
    const { freeName, planStart } = await import('../../src/lifecycle/start/start-plan.ts');
    const repo = makeRepo();
    repo.git('branch', 'session/20260101-120000-one-topic');
    repo.git('tag', 'backup/session-20260101-120001-one-topic');
    const at = new Date('2026-01-01T12:00:00.700Z');
    const plan = await planStart(await repo.open(), { topic: 'one-topic', actor: { kind: 'person', name: 'd' } }, at);
    expect(freeName(plan, at).id).toBe('session-20260101-120002-one-topic');
  });
});

describe('in a linked worktree', () => {
  test('the default place lies beside the repository; this checkout stays', async () => {
    const repo = makeRepo();
    const before = disturb(repo);
    const facts = await repo.json(['start', 'payment-form', '--worktree']);
    schema.parse(facts);
    expect(facts.linked_worktree).toBe(join(dirname(repo.dir), 'repo.worktrees', 'payment-form'));
    expect(facts.carried).toEqual([]);
    expect(repo.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(status(repo)).toBe(before);
    const linked = new TestRepo(facts.linked_worktree);
    expect(linked.git('status', '--porcelain')).toBe('');
    expect(readdirSync(join(linked.dir, 'sessions', facts.session.id, 'artifacts')).sort()).toEqual(KINDS);
    const again = await linked.json(['start', 'payment-form', '--worktree']);
    expect(again.linked_worktree).toBe(join(dirname(repo.dir), 'repo.worktrees', 'payment-form-2'));
    expect(again.session.base).toBe('main');
  });

  test('a place that is taken, or inside the repository, is refused', async () => {
    const repo = makeRepo();
    mkdirSync(join(dirname(repo.dir), 'taken'));
    new TestRepo(join(dirname(repo.dir), 'taken')).write('x', 'x');
    await refused(repo, ['payment-form', '--worktree', '../taken'], 1, /could not be made/);
    await refused(repo, ['payment-form', '--worktree', 'inside'], 1, /inside the repository/);
    await refused(repo, ['--worktree', 'payment-form'], 2, /Put the topic first/);
  });

  test('the git hooks work there, and the policy in force is known', async () => {
    const repo = makeRepo();
    await repo.ok(['init', '--yes', '--signing-key', makeSshKey(), '--presence', 'none', '--no-detect']);
    const facts = await repo.json(['start', 'hooked-worktree', '--worktree']);
    expect(facts).toMatchObject({ initialised: true, hooks: 'active', notes: [], patterns: [] });
    const linked = new TestRepo(facts.linked_worktree);
    linked.commit('Work in the worktree', { 'README.md': 'changed\n' });
    expect(linked.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly,separator=)')).toBe(facts.session.id);
    expect((await linked.json(['status'])).hooks).toBe('active');
  });

  test('of a submodule and of a bare repository the place lies beside them too', async () => {
    const inner = makeRepo();
    const outer = makeRepo();
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.dir, 'sub');
    const sub = new TestRepo(join(outer.dir, 'sub'));
    expect((await sub.json(['start', 'in-a-submodule', '--worktree'])).linked_worktree).toBe(
      join(outer.dir, 'sub.worktrees', 'in-a-submodule'),
    );
    const at = tempDir();
    inner.git('clone', '-q', '--bare', '.', join(at, 'shop.git'));
    new TestRepo(join(at, 'shop.git')).git('worktree', 'add', '-q', join(at, 'work'), 'main');
    const linked = (await new TestRepo(join(at, 'work')).json(['start', 'from-a-bare-one', '--worktree'])).linked_worktree;
    expect(linked).toBe(join(at, 'shop.worktrees', 'from-a-bare-one'));
  });
});

describe('strange repositories', () => {
  test('SHA-256 objects, a path with a space and a quote, a subdirectory', async () => {
    const plain = makeRepo({ objectFormat: 'sha256', files: { 'deep/er/x.txt': 'x\n' } });
    const odd = join(dirname(plain.dir), `my "odd" repo's`);
    renameSync(plain.dir, odd);
    const repo = new TestRepo(odd);
    repo.write('deep/er/x.txt', 'changed\n');
    const { session } = await repo.json(['start', 'odd-places'], { cwd: join(odd, 'deep/er') });
    expect(session.tip).toMatch(/^[0-9a-f]{64}$/);
    expect(status(repo)).toContain('deep/er/x.txt');
    expect(repo.has(`sessions/${session.id}/artifacts/code`)).toBe(true);
    expect(repo.git('fsck', '--no-dangling')).toBe('');
  });

  test('GIT_DIR and GIT_WORK_TREE name the repository', async () => {
    const repo = makeRepo();
    const env = { GIT_DIR: join(repo.dir, '.git'), GIT_WORK_TREE: repo.dir };
    const { session } = await repo.json(['start', 'named-by-environment'], { cwd: tempDir(), env });
    expect(repo.git('symbolic-ref', '--short', 'HEAD')).toBe(session.branch);
    expect(status(repo)).toBe('');
  });

  test('a failing post-checkout hook is no failure of ours', async () => {
    const repo = makeRepo();
    repo.write('.git/hooks/post-checkout', '#!/bin/sh\nexit 1\n');
    repo.git('config', 'core.hooksPath', '.git/hooks');
    const { chmodSync } = await import('node:fs');
    chmodSync(join(repo.dir, '.git/hooks/post-checkout'), 0o755);
    const { session } = await repo.json(['start', 'hook-that-fails']);
    expect(repo.git('symbolic-ref', '--short', 'HEAD')).toBe(session.branch);
    const linked = await repo.json(['start', 'hook-that-fails-again', '--worktree']);
    expect(linked.linked_worktree).toContain('hook-that-fails-again');
  });
});

describe('refused, with nothing changed', () => {
  test('unborn, bare, no repository', async () => {
    await refusedUnborn();
    const bare = tempDir();
    new TestRepo(bare).git('init', '-q', '--bare', '.');
    const ran = await new TestRepo(bare).session(['start', 'bare-repository']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('bare')]);
    const none = await new TestRepo(tempDir()).session(['start', 'no-repository']);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('not a git repository')]);
  });

  async function refusedUnborn(): Promise<void> {
    const repo = makeRepo({ empty: true });
    repo.write('a', 'a');
    repo.git('add', 'a');
    const before = repo.git('status', '--porcelain=v2', '--branch');
    const ran = await repo.session(['start', 'too-early']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('has no commit yet')]);
    expect(repo.git('status', '--porcelain=v2', '--branch')).toBe(before);
  }

  test('detached HEAD without a base, a base that is none, a session as base', async () => {
    const repo = makeRepo();
    const { session } = await repo.json(['start', 'first-feature']);
    await refused(repo, ['next-feature', '--base', session.branch], 1, /--stack/);
    repo.git('switch', '-q', '--detach', 'main');
    await refused(repo, ['next-feature'], 1, /detached.*\n.*--base <branch>/);
    for (const base of ['ma*', 'main~0', '-f', '$(touch x)', '']) {
      await refused(repo, ['next-feature', `--base=${base}`], 1, /There is no branch|has no commit yet/);
    }
    expect(repo.has('x')).toBe(false);
  });

  test('in the middle of a merge, and of a rebase', async () => {
    const repo = makeRepo({ files: { 'x.txt': 'one\n' } });
    repo.git('switch', '-q', '-c', 'other');
    repo.commit('other', { 'x.txt': 'other\n' });
    repo.git('switch', '-q', 'main');
    repo.commit('main', { 'x.txt': 'main\n' });
    expect(() => repo.git('merge', 'other')).toThrow();
    await refused(repo, ['mid-merge'], 1, /A merge is in progress/);
    const beside = await repo.json(['start', 'mid-merge', '--worktree']);
    expect(beside.session.base).toBe('main');
    repo.git('merge', '--abort');
    expect(() => repo.git('rebase', 'other')).toThrow();
    await refused(repo, ['mid-rebase'], 1, /A rebase is in progress/);
  });

  test('a branch in the way of session branches, a file in the way of its folders', async () => {
    const repo = makeRepo();
    repo.git('branch', 'session');
    await refused(repo, ['first-feature'], 1, /The branch "session" is in the way/);
    repo.git('branch', '-m', 'session', 'sessions-old');
    repo.commit('file', { sessions: 'a file\n' });
    await refused(repo, ['first-feature'], 1, /holds a file called "sessions"/);
    repo.git('update-index', '--force-remove', 'sessions');
    repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},.swarm`);
    repo.write('.gitmodules', '[submodule "s"]\n\tpath = .swarm\n\turl = ../s\n');
    repo.git('add', '.gitmodules');
    repo.git('commit', '-q', '-m', 'module');
    rmSync(join(repo.dir, 'sessions'));
    await refused(repo, ['first-feature'], 1, /holds a submodule called ".swarm"/);
  });

  test('uncommitted changes that do not fit on the base: the branch is taken back', async () => {
    const repo = makeRepo({ files: { 'x.txt': 'one\n' } });
    repo.git('switch', '-q', '-c', 'other');
    repo.commit('other', { 'x.txt': 'other\n' });
    repo.git('switch', '-q', 'main');
    repo.write('x.txt', 'mine\n');
    await refused(repo, ['next-feature', '--base', 'other'], 1, /do not fit[\s\S]*x\.txt[\s\S]*--worktree/);
  });

  test('an untracked file where the session would put its own', async () => {
    const repo = makeRepo();
    repo.write('sessions', 'an untracked file\n');
    await refused(repo, ['next-feature'], 1, /cannot move/);
    expect(repo.read('sessions')).toBe('an untracked file\n');
  });

  test('hostile and vague topics, endless goals', async () => {
    const repo = makeRepo();
    const hostile = ['../../etc', '-rf', '$(touch pwned)', 'a\nb', 'x'.repeat(10_000)];
    for (const topic of hostile) await refused(repo, ['--topic-stdin'], 2, /error: /, { input: topic });
    for (const topic of ['work', 'fix bug 2']) await refused(repo, [topic], 2, /does not say what[\s\S]*for example/);
    await refused(repo, ['good-topic', '--goal', 'x'.repeat(5000)], 2, /goal is too long/);
    await refused(repo, ['--', '--help'], 2, /dash/);
    expect(repo.has('pwned')).toBe(false);
  });
});

test('a repository that cannot be written is refused by a user who may not, and left as it is', async ({ skip }) => {
  const repo = makeRepo();
  const root = dirname(repo.dir);
  const asRoot = process.getuid?.() === 0;
  // Root may write everywhere: become nobody, who then owns the repository, so that git trusts it.
  if (asRoot && (await run('setpriv', ['--version'])).code !== 0) skip('setpriv is not installed');
  if (asRoot) await run('chown', ['-R', '65534:65534', root]);
  await run('chmod', ['-R', 'a-w', join(repo.dir, '.git')]);
  const env = { GIT_CONFIG_GLOBAL: '/dev/null', HOME: root, GIT_AUTHOR_NAME: 'n', GIT_COMMITTER_NAME: 'n', EMAIL: 'n@example.com' };
  const line = [process.execPath, CLI, 'start', 'read-only-place'];
  const [file = '', ...args] = asRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...line] : line;
  const ran = await run(file, args, { cwd: repo.dir, env });
  await run('chmod', ['-R', 'u+w', join(repo.dir, '.git')]);
  if (asRoot) await run('chown', ['-R', '0:0', root]);
  expect(ran.err).toMatch(/cannot be written/);
  expect(ran.code).toBe(1);
  expect(repo.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  expect(status(repo)).toBe('');
  expect(privateFiles(repo)).toEqual([]);
});

test('the number of git processes stays small', async () => {
  const repo = makeRepo();
  const trace = join(tempDir(), 'trace');
  await repo.ok(['start', 'counted-processes'], { env: { GIT_TRACE2_EVENT: trace } });
  const started = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"event":"start"'));
  // fast-import starts unpack-objects itself; the policy takes three, and the hooks one.
  expect(started.length).toBeLessThanOrEqual(13);
});

test('--from brings what a landed session decided and learned, as approved, and records it as offered', async () => {
  const { repo } = approvedRepo();
  const { id } = await landSession(repo);
  const facts = schema.parse(await repo.json(['start', 'quite-another-topic', '--from', id]));
  expect(facts.session.continues).toBe(id);
  expect(facts.continues?.decisions).toMatchObject({ session: id, steps: [{ task: 'build', outcome: 'completed' }] });
  expect(facts.continues?.patterns).toMatchObject([
    { key: 'pattern/calculator-app/pure-functions', session: id, approver: 'dana@example.com' },
  ]);
  expect((await repo.json(['show'])).patterns.offered).toHaveLength(1);
  repo.git('switch', '-q', 'main');
  const { out } = await repo.ok(['start', 'calculator-app-again', '--from', id]);
  expect(out).toMatch(/Decided there:\n {2}completed: Build the calculator \(backend-dev\)\n/);
  expect(out.match(/pure functions/g)).toHaveLength(1);
});

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schema as adoptSchema } from '../../src/cli/schemas/adopt.ts';
import { schema as promoteSchema } from '../../src/cli/schemas/promote.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { findStrays } from '../../src/lifecycle/files/strays.ts';
import { loadSession } from '../../src/lifecycle/session/session.ts';
import { readJournal } from '../../src/store/journal.ts';
import { BRANCH, enterSession, SESSION } from '../support/hooks.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';

const artifacts = `sessions/${SESSION}/artifacts`;
const AGENT = { CLAUDECODE: '1' };

function inSession(files: Record<string, string> = {}): TestRepo {
  const repo = makeRepo({ files: { 'src/app.js': 'app\n', ...files } });
  enterSession(repo);
  return repo;
}

async function edits(repo: TestRepo) {
  const { records } = readJournal((await repo.open()).commonDir, SESSION as SessionId);
  return records.flatMap((record) => (record.kind === 'file.edited' ? [record.data] : []));
}

async function strays(repo: TestRepo, treeish?: string) {
  const open = await repo.open();
  const session = await loadSession(open, SESSION as SessionId);
  return session ? (await findStrays(open, session, treeish)).map((stray) => [stray.path, stray.use]) : null;
}

test('strays are what the session added in the index, the working tree and commits, and nothing that was there before', async () => {
  const repo = makeRepo({ files: { 'src/app.js': 'app\n', 'old.js': 'old\n' } });
  repo.write('mine.txt', 'dirty before\n');
  await repo.ok(['start', 'auth-system']);
  const id = repo.git('branch', '--show-current').replace('session/', 'session-') as SessionId;
  repo.commit('a stray', { 'committed.js': 'x\n', 'src/fine.js': 'x\n', 'old.js': 'edited\n' });
  repo.git('rm', '-q', '--cached', 'mine.txt');
  repo.git('commit', '-q', '--amend', '--no-edit');
  repo.write('staged.test.js', 'x\n');
  repo.git('add', 'staged.test.js');
  repo.write('scratch/loose.md', 'x\n');
  const open = await repo.open();
  const session = await loadSession(open, id);
  if (!session) throw new Error('no session');
  const at = `sessions/${id}/artifacts`;
  expect((await findStrays(open, session)).map(({ path, use }) => [path, use])).toEqual([
    ['committed.js', `${at}/code/committed.js`],
    ['scratch/loose.md', `${at}/docs/scratch/loose.md`],
    ['staged.test.js', `${at}/tests/staged.test.js`],
  ]);
  expect((await findStrays(open, session, session.tip)).map((stray) => stray.path)).toEqual(['committed.js']);
  repo.git('switch', '-q', 'main');
  repo.commit('main moves', { 'landed-root.js': 'x\n' });
  repo.git('switch', '-q', session.branch);
  repo.git('merge', '-q', '--no-edit', 'main');
  expect((await findStrays(open, (await loadSession(open, id)) ?? session)).map((stray) => stray.path)).not.toContain('landed-root.js');
});

test('adopt commits untracked and committed strays at their places, and keeps others’ staged work staged', async () => {
  const repo = inSession();
  repo.commit('stray', { 'committed.js': 'c\n' });
  repo.write('loose.test.js', 'l\n');
  repo.write('mine.js', 'm\n');
  repo.git('add', 'mine.js');
  const facts = adoptSchema.parse(await repo.json(['adopt', 'committed.js', 'loose.test.js']));
  expect(facts).toMatchObject({ session: SESSION, staged: [], waits: null, held: [] });
  expect(facts.commit).toBe(repo.git('rev-parse', 'HEAD'));
  expect(repo.git('show', '--format=', '--name-status', '--no-renames', 'HEAD', '--', '.', ':!.swarm').split('\n').sort()).toEqual([
    `A\t${artifacts}/code/committed.js`,
    `A\t${artifacts}/tests/loose.test.js`,
    'D\tcommitted.js',
  ]);
  expect(repo.git('log', '-1', '--format=%(trailers:key=Session-Event,valueonly)').trim()).toBe('adopt');
  expect(repo.git('status', '--porcelain')).toBe('A  mine.js');
  const recorded = await edits(repo);
  expect(recorded).toContainEqual(expect.objectContaining({ path: 'committed.js', blob: null, via: 'adopt' }));
  expect(recorded).toContainEqual(
    expect.objectContaining({ path: `${artifacts}/tests/loose.test.js`, via: 'adopt', from: 'loose.test.js' }),
  );
  expect(await strays(repo)).toEqual([['mine.js', `${artifacts}/code/mine.js`]]);
});

test('adopt of a staged stray leaves it staged, so that the refused commit can go on', async () => {
  const repo = inSession();
  repo.write('auth.js', 'x\n');
  repo.git('add', 'auth.js');
  repo.write('auth.js', 'x\nmore\n');
  const facts = adoptSchema.parse(await repo.json(['adopt', 'auth.js'], { env: AGENT }));
  expect(facts).toMatchObject({ commit: null, staged: [`${artifacts}/code/auth.js`] });
  expect(repo.git('status', '--porcelain')).toBe(`AM ${artifacts}/code/auth.js`);
  repo.git('commit', '-q', '-m', 'go on');
  expect(repo.read(`${artifacts}/code/auth.js`)).toBe('x\nmore\n');
});

test('adopt takes a folder, from a subfolder, and removes what it empties', async () => {
  const repo = inSession({ '.gitignore': '*.log\n' });
  repo.write('scratch/unit/a.test.js', 'a\n');
  repo.write('scratch/run.log', 'ignored\n');
  repo.write('tmp/x/deploy.sh', 'd\n');
  await repo.ok(['adopt', '../scratch', '../tmp/'], { cwd: join(repo.dir, 'src') });
  expect(repo.read(`${artifacts}/tests/scratch/unit/a.test.js`)).toBe('a\n');
  expect(repo.read(`${artifacts}/scripts/tmp/x/deploy.sh`)).toBe('d\n');
  expect(repo.has('tmp')).toBe(false);
  expect(repo.read('scratch/run.log')).toBe('ignored\n');
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('adopt refuses, and moves nothing', async () => {
  const repo = inSession();
  repo.write('good.js', 'x\n');
  repo.write('taken.js', 'x\n');
  repo.write(`${artifacts}/code/taken.js`, 'there\n');
  repo.write('code/same.js', 'x\n');
  repo.write('same.js', 'x\n');
  repo.write('nested/.git/HEAD', 'ref: refs/heads/main\n');
  repo.write('nested/file.js', 'x\n');
  mkdirSync(join(repo.dir, 'empty'));
  symlinkSync('/etc', join(repo.dir, 'etc'));
  const before = repo.snapshot();
  for (const [paths, said] of [
    [['src/app.js'], 'is part of the product'],
    [['taken.js'], 'is there already'],
    [['code/same.js', 'same.js'], 'would both become'],
    [['none.js'], 'There is no file'],
    [['../x'], 'outside the working tree'],
    [['etc/hostname'], 'outside the working tree'],
    [['.git/config'], "git's own directory"],
    [['.swarm/log'], 'git-session only'],
    [[`${artifacts}/code/taken.js`], 'belongs to a session already'],
    [['nested/file.js'], 'another repository'],
    [['empty'], 'no files'],
  ] as const) {
    const ran = await repo.session(['adopt', 'good.js', ...paths]);
    expect(ran.code, paths.join()).toBe(1);
    expect(ran.err).toContain(said);
  }
  expect(repo.snapshot()).toBe(before);
  expect(repo.has('good.js')).toBe(true);
  expect(await edits(repo)).toEqual([]);
  repo.git('stash', '-q', '-u');
  repo.git('switch', '-q', 'main');
  repo.write('good.js', 'x\n');
  expect((await repo.session(['adopt', 'good.js'])).err).toContain('No session is checked out');
});

test('promote moves an artifact into the product, committed, with its origin recorded', async () => {
  const repo = inSession();
  repo.commit('artifacts', { [`${artifacts}/code/auth.js`]: 'auth\n' });
  repo.write(`${artifacts}/code/util.js`, 'util\n');
  const facts = promoteSchema.parse(
    await repo.json(['promote', 'code/auth.js', 'src/'], { env: { ...AGENT, GIT_SESSION_TASK: 'task-1' } }),
  );
  expect(facts).toMatchObject({ moves: [{ from: `${artifacts}/code/auth.js`, to: 'src/auth.js' }], replaced: false, warning: null });
  expect(repo.git('log', '-1', '--format=%s')).toContain('promote auth.js to src/auth.js');
  expect(
    repo.git('log', '-1', '--format=%(trailers:key=Session-Event,valueonly)%(trailers:key=Session-Task,valueonly)').split('\n'),
  ).toContain('promote');
  expect(repo.git('show', '--format=', '--name-status', '-M', 'HEAD', '--', '.', ':!.swarm')).toBe(
    `R100\t${artifacts}/code/auth.js\tsrc/auth.js`,
  );
  expect(await edits(repo)).toContainEqual(
    expect.objectContaining({ path: 'src/auth.js', via: 'promote', from: `${artifacts}/code/auth.js`, task: 'task-1' }),
  );
  await repo.ok(['promote', `${artifacts}/code/util.js`, 'src/lib/helpers.js']);
  expect(repo.git('show', 'HEAD:src/lib/helpers.js')).toBe('util');
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('promote overwrites only what is committed, and only when told to', async () => {
  const repo = inSession();
  repo.write(`${artifacts}/code/app.js`, 'better\n');
  const refused = await repo.session(['promote', 'code/app.js', 'src/app.js']);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('--replace');
  repo.write('src/app.js', 'dirty\n');
  expect((await repo.session(['promote', 'code/app.js', 'src/app.js', '--replace'])).err).toContain('no commit holds');
  repo.write('src/new.js', 'untracked\n');
  expect((await repo.session(['promote', 'code/app.js', 'src/new.js', '--replace'])).err).toContain('no commit holds');
  expect(repo.read(`${artifacts}/code/app.js`)).toBe('better\n');
  repo.git('checkout', '-q', '--', 'src/app.js');
  expect(promoteSchema.parse(await repo.json(['promote', 'code/app.js', 'src/app.js', '--replace']))).toMatchObject({ replaced: true });
  expect(repo.git('show', 'HEAD:src/app.js')).toBe('better');
});

test('promote obeys routing: agents are refused, a person commits a new root file alone', async () => {
  const repo = inSession();
  repo.commit('artifact', { [`${artifacts}/code/auth.js`]: 'auth\n' });
  const before = repo.snapshot();
  expect((await repo.session(['promote', 'code/auth.js', '.'], { env: AGENT })).err).toContain('new file at the root');
  for (const [artifact, target] of [
    ['code/none.js', 'src/'],
    ['src/app.js', 'src/b.js'],
    ['code', 'src/'],
    ['code/auth.js', `${artifacts}/docs/auth.js`],
    ['code/auth.js', '../out.js'],
    ['code/auth.js', '.git/hooks/x'],
  ] as const) {
    expect((await repo.session(['promote', artifact, target])).code, `${artifact} ${target}`).toBe(1);
  }
  expect(repo.snapshot()).toBe(before);
  const facts = promoteSchema.parse(await repo.json(['promote', 'code/auth.js', '.']));
  expect(facts).toMatchObject({ commit: null, staged: ['auth.js'], warning: 'it would be a new file at the root' });
  expect(repo.git('status', '--porcelain')).toBe(`R  ${artifacts}/code/auth.js -> auth.js`);
  expect(repo.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe(BRANCH);
});

test('a file that was adopted is not named again as one that stays uncommitted', async () => {
  const repo = inSession();
  await repo.ok(['hooks', 'pre-task', '--task-id', 'docs', '--description', 'Write docs', '--agent', 'writer']);
  repo.write('DISCOUNT.md', '# Discounts\n');
  await repo.ok(['hooks', 'post-edit', '--file', 'DISCOUNT.md', '--task-id', 'docs']);
  await repo.ok(['adopt', 'DISCOUNT.md']);
  const done = await repo.ok(['hooks', 'post-task', '--task-id', 'docs', '--status', 'completed']);
  expect(done.out + done.err).not.toContain('Not committed');
  expect(repo.git('status', '--porcelain')).toBe('');
});

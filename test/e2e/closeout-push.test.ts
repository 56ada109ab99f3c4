/** `closeout --push` where the remote refuses, where its answer is lost, and where the way back is cut short. */

import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { TestRepo } from '../support/repo.ts';

let open: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
  branch = open.git('branch', '--show-current');
});

/** A copy with a remote, which runs `hook` before it takes anything. */
function withRemote(hook?: string): { repo: TestRepo; remote: string } {
  const repo = copyOf(open);
  const remote = join(repo.dir, '..', 'origin.git');
  repo.git('clone', '-q', '--bare', '.', remote);
  repo.git('remote', 'add', 'origin', remote);
  repo.git('fetch', '-q', 'origin');
  repo.git('branch', '-q', '--set-upstream-to=origin/main', 'main');
  if (hook) {
    mkdirSync(join(remote, 'hooks'), { recursive: true });
    writeFileSync(join(remote, 'hooks', 'pre-receive'), `#!/bin/sh\n${hook}\n`, { mode: 0o755 });
  }
  return { repo, remote };
}

/** What people see of a repository. */
const seen = (repo: TestRepo) => ({
  refs: repo.git('for-each-ref', 'refs/heads', 'refs/tags'),
  head: repo.git('rev-parse', '--symbolic-full-name', 'HEAD'),
  status: repo.git('status', '--porcelain', '--untracked-files=all'),
});

const stateFile = (repo: TestRepo) => join(repo.dir, '.git/git-session/closeout', `${id}.json`);

describe('a push that the remote refuses', () => {
  test.each(['before take-back', 'take-back'])('killed at %s: the next run brings refs and checkouts together', async (point) => {
    const { repo, remote } = withRemote('exit 1');
    const before = seen(repo);
    const died = await repo.session(['closeout', '--yes', '--push'], { env: { GIT_SESSION_TEST_KILL_AT: point } });
    expect(died.code, `${point} was not reached:\n${died.out}${died.err}`).toBe(128);
    const again = await repo.session(['closeout', '--yes', '--push']);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('so it was taken back')]);
    expect(seen(repo)).toEqual(before);
    expect(existsSync(stateFile(repo))).toBe(false);
    expectNothingLeft(repo);
    rmSync(join(remote, 'hooks'), { recursive: true });
    await repo.ok(['closeout', '--yes', '--push']);
    expect(repo.git('ls-remote', 'origin', 'refs/heads/main')).toContain(repo.git('rev-parse', 'main'));
  });

  test('killed while a checkout goes back: nothing of it is staged afterwards', async () => {
    const { repo } = withRemote('exit 1');
    const before = seen(repo);
    const died = await repo.session(['closeout', '--yes', '--push'], { env: { GIT_SESSION_TEST_KILL_AT: 'before take-back' } });
    expect(died.code).toBe(128);
    // As the killed run would have left it: the files of the way back, and the index still the landing's.
    repo.git('read-tree', '-m', '-u', 'main', branch);
    await repo.session(['closeout', '--yes', '--push']);
    expect(seen(repo)).toEqual(before);
    expectNothingLeft(repo);
  });

  test('git takes back a part of the refs: the next run goes on, and says what is in the way until it can', async () => {
    const { repo } = withRemote('exit 1');
    const before = seen(repo);
    const log = join(repo.dir, '.git/logs/refs/heads', branch);
    // The landing has moved when the remote hears of it; then this reflog cannot be written any more.
    const hook = join(repo.dir, '.git/hooks/pre-push');
    mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\nmv '${log}' '${log}.kept' && mkdir '${log}' && : >'${log}/x'\n`, { mode: 0o755 });
    const ran = await repo.session(['closeout', '--yes', '--push']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('git moved only a part of the refs')]);
    rmSync(hook);
    rmSync(log, { recursive: true });
    renameSync(`${log}.kept`, log);
    const again = await repo.session(['closeout', '--yes', '--push']);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('so it was taken back')]);
    expect(seen(repo)).toEqual(before);
    expectNothingLeft(repo);
  });
});

/** The remote's own program behind another: what it is told is done, and its answer does not arrive. `then` runs afterwards. */
function loseAnswer(repo: TestRepo, then = ''): void {
  const script = join(repo.dir, '..', 'receive-pack');
  writeFileSync(
    script,
    `#!${process.execPath}
const { spawn, execSync } = require('node:child_process');
const child = spawn('git-receive-pack', process.argv.slice(2), { stdio: ['inherit', 'pipe', 'inherit'] });
let greeted = false;
child.stdout.on('data', (data) => {
  if (!greeted) process.stdout.write(data);
  greeted ||= String(data).endsWith('0000');
});
child.on('close', () => { ${then === '' ? '' : `execSync(${JSON.stringify(then)});`} process.exit(1); });
`,
  );
  chmodSync(script, 0o755);
  repo.git('config', 'remote.origin.receivepack', script);
}

describe('a push whose answer is lost', () => {
  test('that the remote took has landed', async () => {
    const { repo } = withRemote();
    loseAnswer(repo);
    const ran = await repo.session(['closeout', '--yes', '--push']);
    expect([ran.code, ran.err]).toEqual([0, ran.err]);
    for (const ref of ['refs/heads/main', `refs/tags/backup/${id}`])
      expect(repo.git('ls-remote', 'origin', ref)).toBe(`${repo.git('rev-parse', ref)}\t${ref}`);
    expect(repo.git('branch', '--list', 'session/*')).toBe('');
    expectNothingLeft(repo);
  });

  test('and of which nobody can say whether it was taken: the landing stays, and the next run asks', async () => {
    const { repo, remote } = withRemote();
    loseAnswer(repo, `mv '${remote}' '${remote}.away'`);
    const ran = await repo.session(['closeout', '--yes', '--push']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('Nobody can say whether origin took the landing')]);
    expect(repo.git('log', '-1', '--format=%s', 'main')).toMatch(/^session: /);
    renameSync(`${remote}.away`, remote);
    repo.git('config', '--unset', 'remote.origin.receivepack');
    await repo.ok(['closeout', '--yes', '--push']);
    expect(repo.git('ls-remote', 'origin', 'refs/heads/main')).toContain(repo.git('rev-parse', 'main'));
    expect(existsSync(stateFile(repo))).toBe(false);
    expectNothingLeft(repo);
  });
});

test('git moves a part of the refs at the landing: the next run finishes it', async () => {
  const repo = copyOf(open);
  const log = join(repo.dir, '.git/logs/refs/heads', branch);
  renameSync(log, `${log}.kept`);
  mkdirSync(log);
  writeFileSync(join(log, 'x'), '');
  const ran = await repo.session(['closeout', '--yes']);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('git moved only a part of the refs')]);
  rmSync(log, { recursive: true });
  renameSync(`${log}.kept`, log);
  await repo.ok(['closeout', '--yes']);
  expect(repo.git('log', '--merges', '--format=%s', 'main').split('\n')).toHaveLength(1);
  expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
  expect(existsSync(stateFile(repo))).toBe(false);
  expectNothingLeft(repo);
});

test('git moves none of the refs at the landing: everything is as it was, drafts too', async () => {
  const repo = copyOf(open);
  repo.write(`sessions/${id}/session-summary.md`, 'a draft that somebody has worked on\n');
  const before = seen(repo);
  const log = join(repo.dir, '.git/logs/refs/heads/main');
  renameSync(log, `${log}.kept`);
  mkdirSync(log);
  writeFileSync(join(log, 'x'), '');
  const ran = await repo.session(['closeout', '--yes']);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('git did not move the branches')]);
  expect(seen(repo)).toEqual(before);
  expect(repo.read(`sessions/${id}/session-summary.md`)).toBe('a draft that somebody has worked on\n');
  rmSync(log, { recursive: true });
  renameSync(`${log}.kept`, log);
  await repo.ok(['closeout', '--yes']);
  expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
});

test('a fresh clone verifies what landed after base had moved, and the earlier landing that the push published with it', async () => {
  const { repo, remote } = withRemote();
  await repo.ok(['closeout', '--yes']);
  const second = await makeSession(repo, 'another-form');
  const other = new TestRepo(join(repo.dir, '..', 'other'));
  repo.git('worktree', 'add', '-q', other.dir, 'main');
  other.write('other.txt', 'of somebody else\n');
  other.commit('work of somebody else');
  repo.git('worktree', 'remove', other.dir);
  await repo.ok(['closeout', second, '--yes', '--push']);
  const clone = new TestRepo(join(repo.dir, '..', 'clone'));
  // Over the transport: the objects that nobody names stay where they were made.
  repo.git('clone', '-q', '--no-local', remote, clone.dir);
  expect(clone.git('tag').split('\n')).toEqual([id, second].map((one) => `backup/${one}`).sort());
  const ran = await clone.session(['verify', '--all']);
  expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('2 sessions: 2 verified')]);
});

test('what somebody pushed to the session since is named by the review of --push, and where it was pushed is said', async () => {
  const { repo, remote } = withRemote();
  const other = new TestRepo(join(repo.dir, '..', 'other'));
  repo.git('clone', '-q', '-b', branch, remote, other.dir);
  other.commit('more of it', { 'README.md': '# theirs\n' });
  other.git('push', '-q', 'origin', 'HEAD');
  const more = `origin/${branch} has 1 commit more, which would not land: git session sync brings them in`;
  // As long as it was not fetched, nobody here knows.
  expect((await repo.json(['closeout', '--prepare'])).review.concerns).not.toContain(more);
  const looked = await repo.session(['closeout', '--push']);
  expect(looked.out.replace(/\n +/g, ' ')).toContain(more);
  await repo.ok(['sync']);
  expect(repo.read('README.md')).toBe('# theirs\n');
  const landed = await repo.session(['closeout', '--yes', '--push', '--json']);
  const facts = JSON.parse(landed.out);
  expect([facts.pushed, facts.push, facts.review.concerns]).toEqual(['origin', null, expect.not.arrayContaining([more])]);
  expect(landed.err).toContain('  pushed  to origin: main and the tag\n');
});

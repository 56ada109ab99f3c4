/** A session's whole life, from start to audit, in every kind of place that a repository may be: nothing else changes, nothing is left. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeApprovedRepo, signWith, verifies } from '../support/approved-repo.ts';
import { expectNothingLeft, refuses } from '../support/left-behind.ts';
import { CLI, makeRepo, makeSshKey, type RunOptions, run, TestRepo, tempDir } from '../support/repo.ts';

interface Place {
  /** The checkout in which the commands run. */
  repo: TestRepo;
  /** Folder and environment of every command. */
  at?: RunOptions;
  /** What `start` takes besides the topic. */
  start?: string[];
  /** The checkout that is left in the end, where it is another. */
  left?: TestRepo;
}

/** Every main command up to the closeout, as an agent and a person would run them; returns the session's id. */
async function work({ repo, at = {}, start = [] }: Place): Promise<string> {
  const before = status(repo);
  const { session } = await repo.json(['start', 'odd-places', ...start], at);
  const file = `sessions/${session.id}/artifacts/code/a file's "name".js`;
  await repo.ok(['hooks', 'pre-task', '--task-id', 't1', '--description', 'Write it', '--agent', 'coder'], at);
  await repo.ok(['memory', 'store', 'swarm/shared/contract', 'one\r\ntwo'], at);
  repo.write(file, '/** Adds. */\r\nexport const add = 1;\n');
  await repo.ok(['hooks', 'post-edit', '--file', join(repo.dir, file), '--task-id', 't1'], at);
  const done = await repo.json(['hooks', 'post-task', '--task-id', 't1', '--wait'], at);
  expect(done).toMatchObject({ files: [file], queued: false, held: [] });
  expect((await repo.ok(['memory', 'get', 'swarm/shared/contract'], at)).out).toBe('one\r\ntwo\n');
  const facts = await repo.json(['status'], at);
  expect(facts).toMatchObject({ session: { id: session.id, state: 'active' }, artifacts: [{ kind: 'code', path: file }] });
  expect(status(repo)).toBe(before);
  return session.id;
}

/** Closeout and audit; what the person had in progress is as it was. */
async function close({ repo, at = {}, left = repo }: Place, id: string): Promise<void> {
  const before = status(repo);
  await repo.ok(['closeout', id, '--yes'], at);
  await left.ok(['verify', id], left === repo ? at : {});
  expect(left.git('branch', '--list', 'session/*')).toBe('');
  expect(status(left)).toBe(before);
  expect(verifies(left, 'commit', 'main') && verifies(left, 'tag', `backup/${id}`)).toBe(true);
  expectNothingLeft(left);
}

async function life(place: Place): Promise<void> {
  await close(place, await work(place));
}

const status = (repo: TestRepo) => repo.git('status', '--porcelain=v2', '--untracked-files=all');

describe('a whole life', () => {
  test('in a folder with a space, quotes and a dollar, from a subdirectory, with files in progress', async () => {
    const { repo } = makeApprovedRepo('presence: none\n', { 'deep/er/x.txt': 'x\n' });
    const dir = join(tempDir(), `it's $HOME "here" ü`);
    renameSync(repo.dir, dir);
    const moved = new TestRepo(dir);
    moved.write('deep/er/x.txt', 'changed\n');
    moved.write('deep/new file', 'new\n');
    moved.git('add', 'deep/new file');
    await life({ repo: moved, at: { cwd: join(dir, 'deep/er') } });
  });

  test('in a linked worktree, base checked out in the main one, which is all that is left', async () => {
    const { repo } = makeApprovedRepo();
    repo.git('worktree', 'add', '-q', '--detach', '../linked');
    const linked = new TestRepo(join(repo.dir, '..', 'linked'));
    await life({ repo: linked, start: ['--base', 'main'], left: repo });
  });

  test('with core.autocrlf', async () => {
    const { repo } = makeApprovedRepo();
    repo.git('config', 'core.autocrlf', 'true');
    await life({ repo });
  });

  test('as git is configured on Windows and macOS: no executable bits, no case, no links, names composed', async () => {
    const { repo } = makeApprovedRepo('presence: none\n', { 'run.sh': '#!/bin/sh\n' });
    chmodSync(join(repo.dir, 'run.sh'), 0o755);
    repo.git('commit', '-qam', 'executable');
    const settings = { autocrlf: 'true', fileMode: 'false', ignoreCase: 'true', symlinks: 'false', precomposeUnicode: 'true' };
    for (const [name, value] of Object.entries(settings)) repo.git('config', `core.${name}`, value);
    // What Windows says of every file.
    chmodSync(join(repo.dir, 'run.sh'), 0o666);
    await life({ repo });
    expect(repo.git('ls-tree', 'main', 'run.sh')).toMatch(/^100755 /);
  });

  test('in a clone with core.autocrlf the hooks that init set up run: their scripts are no text of Windows', async () => {
    const repo = makeRepo();
    signWith(repo, makeSshKey());
    await repo.ok(['init', '--yes', '--no-try', '--presence', 'none']);
    const dir = join(tempDir(), 'clone');
    await run('git', ['clone', '-q', '-c', 'core.autocrlf=true', repo.dir, dir]);
    const clone = new TestRepo(dir);
    expect(clone.read('.sessionrc.yaml')).toContain('\r\n');
    expect(clone.read('.husky/pre-commit')).not.toContain('\r');
    expect((await clone.json(['init', '--yes', '--no-try'])).files).toEqual([]);
    expect((await clone.json(['config'])).file_here).toEqual({ mistakes: [], differs: [] });
    await clone.ok(['start', 'line-endings']);
    clone.commit('work', { 'README.md': '# demo\r\nmore\r\n' });
    expect(clone.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly)')).toContain('line-endings');
    expect(clone.git('show', 'HEAD:README.md')).toBe('# demo\nmore');
  });

  test('with SHA-256 objects', async () => {
    const { repo } = makeApprovedRepo('presence: none\n', {}, 'sha256');
    await life({ repo });
    expect(repo.git('rev-parse', 'main')).toMatch(/^[0-9a-f]{64}$/);
  });

  test('in a shallow clone up to the closeout, which says how to deepen it', async () => {
    const { repo, key } = makeApprovedRepo();
    repo.commit('more', { 'more.txt': 'more\n' });
    const dir = join(tempDir(), 'shallow');
    repo.git('clone', '-q', '--depth', '1', `file://${repo.dir}`, dir);
    const clone = new TestRepo(dir);
    signWith(clone, key);
    const id = await work({ repo: clone });
    for (const args of [['closeout', '--yes']]) {
      const ran = await refuses(clone, () => clone.session(args));
      expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/This clone is shallow[\s\S]*git fetch --unshallow/)]);
    }
    clone.git('fetch', '-q', '--unshallow');
    await close({ repo: clone }, id);
  });

  test('with the reftable backend', async ({ skip }) => {
    const { repo } = makeApprovedRepo();
    // The first gits that migrate do not migrate reflogs.
    rmSync(join(repo.dir, '.git/logs'), { recursive: true });
    if ((await run('git', ['refs', 'migrate', '--ref-format=reftable'], { cwd: repo.dir })).code !== 0) {
      skip('the installed git cannot keep refs in reftables');
    }
    await life({ repo });
  });

  test('with GIT_DIR, GIT_WORK_TREE and GIT_INDEX_FILE in the environment', async () => {
    const { repo } = makeApprovedRepo();
    const git = join(repo.dir, '.git');
    await life({ repo, at: { cwd: tempDir(), env: { GIT_DIR: git, GIT_WORK_TREE: repo.dir, GIT_INDEX_FILE: join(git, 'index') } } });
  });

  test('in the hooks of a plain git commit, in the main worktree and in a linked one', async () => {
    const { repo } = makeApprovedRepo();
    await repo.ok(['start', 'inside-hooks']);
    const id = `session-${repo.git('branch', '--show-current').slice('session/'.length)}`;
    const says = join(repo.dir, '..', 'says');
    // Every command that an agent's own hook may call; GIT_DIR, GIT_INDEX_FILE and GIT_PREFIX are set by git.
    const line = (args: string) => `'${process.execPath}' '${CLI}' ${args} >>'${says}' 2>&1 || echo "failed: ${args}" >>'${says}'`;
    const commands = ['memory store from/hook 1', 'memory get from/hook', 'status', `hooks post-edit --file f.txt --task-id t1`];
    repo.write(
      '.git/hooks/pre-commit',
      `#!/bin/sh\n${[...commands, 'hooks post-task --task-id t1 --description "In a hook"'].map(line).join('\n')}\n`,
    );
    chmodSync(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
    const linked = new TestRepo(join(repo.dir, '..', 'linked'));
    repo.git('switch', '-q', 'main');
    repo.git('worktree', 'add', '-q', linked.dir, `session/${id.slice('session-'.length)}`);
    for (const [n, at] of [linked, repo].entries()) {
      if (at === repo) {
        repo.git('worktree', 'remove', '--force', linked.dir);
        repo.git('switch', '-q', `session/${id.slice('session-'.length)}`);
      }
      mkdirSync(join(at.dir, 'sub'), { recursive: true });
      at.write('f.txt', `${n}\n`);
      at.write('staged.txt', `${n}\n`);
      at.write('loose.txt', 'loose\n');
      at.git('add', 'f.txt', 'staged.txt');
      execFileSync('git', ['commit', '-q', '-m', `hooked ${n}`, '--', '../f.txt'], { cwd: join(at.dir, 'sub') });
      expect(at.git('show', '--name-only', '--format=%s')).toBe(`hooked ${n}\n\nf.txt`);
      expect(at.git('status', '--porcelain')).toBe(`${n === 0 ? 'A ' : 'M '} staged.txt\n?? loose.txt`);
      at.git('commit', '-q', '--no-verify', '-m', 'the rest');
    }
    expect(repo.read('../says')).not.toContain('failed:');
    await repo.ok(['hooks', 'session-end']);
    expect(repo.git('status', '--porcelain', '--', ':!sessions')).toBe('?? loose.txt');
    expect((await repo.json(['status'])).queued_checkpoints).toBe(0);
    expectNothingLeft(repo);
  });
});

test('on an unborn branch every command says what is missing and changes nothing; what only reads answers', async () => {
  const repo = makeRepo({ empty: true });
  repo.write('a.txt', 'a\n');
  repo.git('add', 'a.txt');
  const refusing = [
    ['start', 'too-early'],
    ['hooks', 'pre-task', '--description', 'x'],
    ['hooks', 'post-edit', '--file', 'a.txt'],
    ['hooks', 'post-task'],
    ['hooks', 'session-end'],
    ['memory', 'store', 'k', 'v'],
    ['closeout', '--yes'],
    ['closeout', '--prepare'],
    ['check'],
    ['approve'],
    ['reject', '--reason', 'x'],
    ['abandon'],
    ['adopt', 'a.txt'],
    ['verify', 'session-2026'],
    ['why', 'a.txt'],
  ];
  for (const args of refusing) {
    const ran = await refuses(repo, () => repo.session(args));
    expect([args, ran.code, ran.err]).toEqual([args, 1, expect.stringMatching(/no commit yet|no session|not in a session|nothing/i)]);
    expect(ran.err).toContain('next:');
  }
  for (const args of [['status'], ['list'], ['log'], ['reconcile'], ['verify', '--all']])
    expect([args, (await repo.session(args)).code]).toEqual([args, 0]);
});

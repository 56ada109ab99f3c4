/** What comes in while the key signs or the refs are held: nothing that was acknowledged is dropped without a word. */

import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CheckpointRequest } from '../../src/core/session/checkpoint.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { drain } from '../../src/lifecycle/checkpoint/drain.ts';
import { enqueue, readQueue, requestId } from '../../src/store/queue.ts';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { CLI, TestRepo } from '../support/repo.ts';

let open: TestRepo;
let id: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
});

const SELF = `'${process.execPath}' '${CLI}'`;

/** A program beside the repository that does this once, where `when` holds. */
function program(repo: TestRepo, { name, when, rest }: Record<'name' | 'when' | 'rest', string>, once: string): string {
  const path = join(repo.dir, '..', name);
  repo.write(
    `../${name}`,
    `#!/bin/sh\nif ${when} && mkdir '${path}.done' 2>/dev/null; then\n(\n${once}\n) >'${path}.said' 2>&1\nfi\n${rest}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

/** While the key signs the landing, this happens once. */
function whileSigning(repo: TestRepo, once: string): void {
  repo.git(
    'config',
    'gpg.ssh.program',
    program(
      repo,
      { name: 'signs', when: `grep -q '"step":"sign"' '${repo.dir}/.git/git-session/closeout/${id}.json'`, rest: 'exec ssh-keygen "$@"' },
      once,
    ),
  );
}

test('a pattern that is stored while the key signs lands, after it was asked again', async () => {
  const repo = copyOf(open);
  whileSigning(repo, `${SELF} memory store pattern/auth/late '{"approach":"late","success_rate":100,"reusable":true}'`);
  await repo.ok(['closeout', '--yes']);
  expect(repo.read('../signs.said')).toContain('Stored');
  expect(repo.git('grep', '-l', 'auth/late', 'main')).toContain('log/');
  expect((await repo.ok(['memory', 'get', 'pattern/auth/late'])).out).toContain('late');
  await repo.ok(['verify', id]);
  expectNothingLeft(repo);
});

test('memory of the session that is stored while the key signs is in its history', async () => {
  const repo = copyOf(open);
  whileSigning(repo, `${SELF} memory store swarm/shared/late-note kept`);
  await repo.ok(['closeout', '--yes']);
  expect(repo.read('../signs.said')).toContain('Stored');
  expect(repo.git('log', '--format=%h', '-S', 'late-note', `backup/${id}`)).not.toBe('');
  await repo.ok(['verify', id]);
  expectNothingLeft(repo);
});

test('another record that is written meanwhile stays where it is, and is named', async () => {
  const repo = copyOf(open);
  whileSigning(repo, `${SELF} hooks pre-task --description Late --task-id late --agent dev`);
  const ran = await repo.ok(['closeout', '--yes']);
  const journal = `.git/git-session/journal/${id}.jsonl`;
  expect(ran.out + ran.err).toMatch(/written while it landed and did not land with it/);
  expect(repo.read(journal)).toContain('"late"');
});

const noHookEnv = 'unset $(git rev-parse --local-env-vars)';
const edit = (path: string) => `echo late > '${path}'\n${SELF} hooks post-edit --file '${path}' --task-id late`;
const late = () => {
  const path = `sessions/${id}/artifacts/code/late.js`;
  return { path, work: `${SELF} hooks pre-task --description Late --task-id late --agent dev\n${edit(path)}` };
};
const done = `${SELF} hooks post-task --task-id late --status completed`;

test('a checkpoint that is queued while the landing holds its lock is committed first, and lands', async () => {
  const repo = copyOf(open);
  const { path, work } = late();
  const when = `[ "$1" = prepared ] && grep -q refs/tags/backup/`;
  const hook = program(repo, { name: 'hook', when, rest: 'exit 0' }, `${noHookEnv}\n${work}\n${done}`);
  repo.git('config', 'core.hooksPath', join(repo.dir, '..', 'hooks'));
  repo.write('../hooks/reference-transaction', `#!/bin/sh\nexec '${hook}' "$@"\n`);
  chmodSync(join(repo.dir, '..', 'hooks', 'reference-transaction'), 0o755);
  await repo.ok(['closeout', '--yes']);
  expect(repo.git('show', `main:${path}`)).toBe('late');
  expect(repo.git('status', '--porcelain')).toBe('');
  await repo.ok(['verify', id]);
  expectNothingLeft(repo);
});

test('a checkpoint of another session that is queued meanwhile is made by the landing', async () => {
  const repo = copyOf(open);
  await repo.ok(['start', 'search-index-rebuild', '--base', 'main', '--worktree', '../other']);
  const other = new TestRepo(join(repo.dir, '..', 'other'));
  const branch = other.git('branch', '--show-current');
  const path = `sessions/session-${branch.slice('session/'.length)}/artifacts/code/late.js`;
  const work = [`${SELF} hooks pre-task --description Late --task-id late --agent dev`, edit(path), done].join('\n');
  const when = `[ "$1" = prepared ] && grep -q refs/tags/backup/`;
  const hook = program(repo, { name: 'hook', when, rest: 'exit 0' }, `cd '${other.dir}'\n${noHookEnv}\n${work}`);
  repo.git('config', 'core.hooksPath', join(repo.dir, '..', 'hooks'));
  repo.write('../hooks/reference-transaction', `#!/bin/sh\nexec '${hook}' "$@"\n`);
  chmodSync(join(repo.dir, '..', 'hooks', 'reference-transaction'), 0o755);
  await repo.ok(['closeout', id, '--yes']);
  expect(readQueue((await repo.open()).commonDir).requests).toEqual([]);
  expect(repo.git('show', `${branch}:${path}`)).toBe('late');
  expect(other.git('status', '--porcelain')).toBe('');
  expectNothingLeft(repo, { worktrees: 2 });
});

test('a checkpoint that is asked for after the landing is set aside, once', async () => {
  const repo = copyOf(open);
  const path = `sessions/${id}/artifacts/code/late.js`;
  const branch = `refs/heads/${repo.git('branch', '--show-current')}`;
  const tip = repo.git('rev-parse', 'HEAD');
  await repo.ok(['closeout', '--yes']);
  const request: CheckpointRequest = {
    ...{ version: 1, id: requestId(), session: id as SessionId, branch, worktree: repo.dir, tip, event: 'task-done', subject: 'late' },
    ...{ tasks: [], agent: null, at: new Date().toISOString() },
    files: [{ path, oid: repo.git('rev-parse', 'main:README.md'), mode: '100644', was: null, tasks: [] }],
  };
  const at = await repo.open();
  enqueue(at.commonDir, request);
  expect((await drain(at, { wait: true })).refused).toMatchObject([
    { request: request.id, why: 'the session has landed, and its branch is gone' },
  ]);
  expect(await drain(at, { wait: true })).toMatchObject({ refused: [], deferred: [], left: 0 });
});

test('a checkpoint that is killed while the key signs is settled by the landing', async () => {
  const repo = copyOf(open);
  const { path, work } = late();
  const bin = join(repo.dir, '..', 'bin');
  repo.write(
    '../bin/git',
    `#!/bin/sh\ncase " $* " in *" update-ref --stdin"*) kill -9 $PPID; exit 1;; esac\nPATH="\${PATH#*:}" exec git "$@"\n`,
  );
  chmodSync(join(bin, 'git'), 0o755);
  whileSigning(repo, `${work}\nPATH="${bin}:$PATH" ${done}\nls .git/index.lock .git/git-session/drain/plan.json`);
  await repo.ok(['closeout', '--yes']);
  expect(repo.read('../signs.said')).toMatch(/^\.git\/git-session\/drain\/plan\.json$/m);
  expect(repo.git('show', `main:${path}`)).toBe('late');
  expect(repo.git('status', '--porcelain')).toBe('');
  await repo.ok(['verify', id]);
  expectNothingLeft(repo);
});

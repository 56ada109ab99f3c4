/** A repository of which a user may write a part only: what cannot be done is said, nothing is half done, and with the rights back it is. */

import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { CLI, run, type TestRepo } from '../support/repo.ts';

let open: TestRepo;
let late: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  late = `sessions/${await makeSession(open)}/artifacts/code/late.js`;
  await open.ok(['hooks', 'pre-task', '--task-id', 'late', '--description', 'Late', '--agent', 'coder']);
  open.write(late, 'x\n');
  await open.ok(['hooks', 'post-edit', '--file', late, '--task-id', 'late']);
  open.write('mine.txt', 'mine\n');
  open.git('add', 'mine.txt');
});

/** Runs a command as nobody, who may write everything but `place` (`deep`: and what lies in it). */
async function without(repo: TestRepo, place: string, deep: boolean, args: string[], skip: (why: string) => void) {
  const asRoot = process.getuid?.() === 0;
  if (asRoot && (await run('setpriv', ['--version'])).code !== 0) skip('this runs as root, and setpriv is not installed');
  const root = join(repo.dir, '..');
  if (asRoot) await run('chown', ['-R', '65534:65534', root]);
  await run('chmod', [...(deep ? ['-R'] : []), 'a-w', join(repo.dir, place)]);
  const env = { HOME: '/nonexistent', GIT_AUTHOR_NAME: 'n', GIT_COMMITTER_NAME: 'n', EMAIL: 'dana@example.com' };
  const [file = '', ...line] = [
    ...(asRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []),
    ...[process.execPath, CLI, ...args],
  ];
  try {
    return await run(file, line, { cwd: repo.dir, env });
  } finally {
    await run('chmod', ['-R', 'u+w', repo.dir]);
    if (asRoot) await run('chown', ['-R', '0:0', root]);
  }
}

const seen = (repo: TestRepo) => [repo.git('for-each-ref'), repo.git('status', '--porcelain'), repo.git('diff', '--cached')];

test.for([
  ['.git', false],
  ['.git/refs/heads', true],
  ['.git/logs', true],
  ['.git/objects', true],
  ['.git/git-session', true],
] as const)('a checkpoint without the right to write %s', async ([place, deep], { skip }) => {
  const repo = copyOf(open);
  const before = seen(repo);
  const args = ['hooks', 'post-task', '--task-id', 'late', '--wait'];
  const ran = await without(repo, place, deep, args, skip);
  expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/permission/i)]);
  expect(seen(repo)).toEqual(before);
  expectNothingLeft(repo);
  await repo.ok(args);
  expect(repo.git('show', `HEAD:${late}`)).toBe('x');
  expect(repo.git('diff', '--cached', '--name-status')).toBe('A\tmine.txt');
});

test('memory needs its journal and nothing else', async ({ skip }) => {
  const repo = copyOf(open);
  expect((await without(repo, '.git/refs', true, ['memory', 'store', 'k', 'v'], skip)).code).toBe(0);
  const refused = await without(repo, '.git/git-session', true, ['memory', 'store', 'k', 'w'], skip);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('nothing was recorded')]);
  expect((await repo.ok(['memory', 'get', 'k'])).out).toBe('v\n');
});

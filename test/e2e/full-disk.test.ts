/** A disk that fills up at any point of a command: it says so, what was there stays, and with room again the same command goes through. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { bytesOf, expectNothingLeft } from '../support/left-behind.ts';
import type { TestRepo } from '../support/repo.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { SOAKING } from '../support/soak.ts';

/** A repository before any session, and one with a session, an open task and a person's staged file. */
let idle: TestRepo;
let open: TestRepo;
let id: string;

beforeAll(async () => {
  idle = makeApprovedRepo().repo;
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
  const path = `sessions/${id}/artifacts/code/late.js`;
  await open.ok(['hooks', 'pre-task', '--task-id', 'late', '--description', 'Late', '--agent', 'coder']);
  open.write(path, 'x\n'.repeat(20_000));
  await open.ok(['hooks', 'post-edit', '--file', path, '--task-id', 'late']);
  // Which policy this clone trusts is kept by the first command that asks, whatever becomes of it.
  await idle.ok(['verify', '--all']);
  for (const repo of [idle, open]) {
    repo.write('mine.txt', 'mine\n');
    repo.git('add', 'mine.txt');
  }
});

/**
 * Private state may hold a request or a record more: acknowledged work is what it is there for. And a git that could not make a branch
 * may leave its empty reflog.
 */
const publicBytes = (repo: TestRepo) =>
  Object.fromEntries(
    Object.entries(bytesOf(repo)).filter(
      ([path]) => !path.startsWith('.git/git-session/') && !(path.startsWith('.git/logs/') && repo.read(path) === ''),
    ),
  );
/** What a closeout may not have touched before it landed: its first step commits what agents left, and that stands. */
const landings = (repo: TestRepo) => [
  repo.git('for-each-ref', 'refs/heads/main', 'refs/tags'),
  repo.git('symbolic-ref', 'HEAD'),
  repo.git('status', '--porcelain', '--', ':!sessions'),
];

/** How often each command met the end of the disk. */
const full = new Map<string, number>();
afterAll(() => expect([...full].filter(([, times]) => times === 0)).toEqual([]));

async function fills(
  from: TestRepo,
  args: string[],
  kib: number,
  kept: (repo: TestRepo) => unknown,
  skip: (why: string) => void,
): Promise<void> {
  const disk = await SmallDisk.of(from, 4096);
  if (!disk) return skip('this machine lets nobody mount a tmpfs in a name space of their own');
  const before = kept(disk);
  disk.leave(kib);
  const ran = await disk.session(args);
  disk.free();
  const verb = args[0] ?? '';
  full.set(verb, (full.get(verb) ?? 0) + (ran.code === 0 ? 0 : 1));
  if (ran.code !== 0) {
    expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/disk is full|quota is full|couldn't write|unable to write/)]);
    expect(ran.err).toContain('next:');
    expect(kept(disk)).toEqual(before);
    expectNothingLeft(disk);
    const again = await disk.session(args);
    expect([again.code, again.err]).toEqual([0, expect.anything()]);
  }
  expect(disk.git('diff', '--cached', '--name-status', '--', 'mine.txt')).toBe('A\tmine.txt');
  expectNothingLeft(disk);
}

/** Where each command meets the end of the disk in another of its steps; every level with `npm run soak`. */
const ALL = Array.from({ length: 50 }, (_, n) => n * 4);
const at = (...levels: number[]) => (SOAKING ? ALL : levels);

test.for(at(8, 64))('start, %d KiB left', (kib, { skip }) => fills(idle, ['start', 'on-a-full-disk'], kib, publicBytes, skip));
test.for(at(0, 4))('memory store, %d KiB left', (kib, { skip }) =>
  fills(open, ['memory', 'store', 'key', 'v'.repeat(9000)], kib, publicBytes, skip),
);
test.for(at(8, 16, 56))('post-task, %d KiB left', (kib, { skip }) =>
  fills(open, ['hooks', 'post-task', '--task-id', 'late', '--wait'], kib, publicBytes, skip),
);
test.for(at(16, 64, 128, 144, 160))('closeout, %d KiB left', (kib, { skip }) => fills(open, ['closeout', '--yes'], kib, landings, skip));

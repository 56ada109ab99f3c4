/** Memory kept ready in a process that lives on: after whatever others and git do, the next look holds what a fresh reader holds. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryFollower } from '../../src/lifecycle/memory/follow.ts';
import { memoryOf, projectMemory } from '../../src/lifecycle/memory/memory.ts';
import { currentSession } from '../../src/lifecycle/session/session.ts';
import { privatePaths } from '../../src/store/paths.ts';
import { approvedRepo, closeSession, landSession, workOn } from '../support/landed.ts';
import { type TestRepo, tempDir } from '../support/repo.ts';
import { record, startSession } from '../support/started.ts';
import { setEnv } from '../support/trust.ts';

/** What the follower holds, after it was compared with what a reader finds that knows nothing yet. */
async function seen(repo: TestRepo, follower: MemoryFollower): Promise<string[]> {
  const now = await follower.now();
  const { total, hits } = await now.seen.search({ terms: [], keep: () => true, limit: 1000 });
  const entries = hits.map(({ entry }) => entry);
  expect(total).toBe(hits.length);
  const git = await repo.open();
  const session = await currentSession(git);
  expect(entries).toEqual(session ? await memoryOf(git, session) : await projectMemory(git, 'HEAD'));
  return entries.map(({ key }) => key).filter((key) => !key.startsWith('trajectory/'));
}

const stored = (key: string, value: unknown = 1) => ({ kind: 'memory.stored', data: { namespace: 'coordination', key, value } }) as const;

test('writes, checkpoints, a switch to another session and to base, a landing, a merge of base, a revert', async () => {
  const { repo } = approvedRepo();
  const follower = new MemoryFollower(repo.dir);
  expect(await seen(repo, follower)).toEqual([]);

  const one = await startSession(repo, 'first-topic');
  expect(await seen(repo, follower)).toEqual([]);
  await record(repo, one, stored('a'));
  expect(await seen(repo, follower)).toEqual(['a']);
  await repo.ok(['hooks', 'session-end']);
  await record(repo, one, stored('b'));
  await record(repo, one, { kind: 'memory.deleted', data: { namespace: 'coordination', key: 'a' } });
  expect(await seen(repo, follower)).toEqual(['b']);

  repo.git('switch', '-q', 'main');
  expect(await seen(repo, follower)).toEqual([]);
  const two = await workOn(repo, { topic: 'second-topic' });
  expect(await seen(repo, follower)).toEqual(['phase', 'pattern/second-topic/pure-functions']);
  repo.git('switch', '-q', one.branch);
  expect(await seen(repo, follower)).toEqual(['b']);
  repo.git('switch', '-q', '-');
  const landed = await closeSession(repo, two);
  expect(await seen(repo, follower)).toEqual(['pattern/second-topic/pure-functions']);

  repo.git('switch', '-q', one.branch);
  expect(await seen(repo, follower)).toEqual(['b']);
  repo.git('merge', '-q', '-m', 'Bring base in', 'main');
  expect(await seen(repo, follower)).toEqual(['b', 'pattern/second-topic/pure-functions']);
  repo.git('tag', '-d', `backup/${two}`);
  expect(await seen(repo, follower)).toEqual(['b']);
  repo.git('update-ref', landed.tag, landed.tagOid);
  expect(await seen(repo, follower)).toEqual(['b', 'pattern/second-topic/pure-functions']);
  repo.git('revert', '--no-edit', '-m', '1', landed.merge);
  expect(await seen(repo, follower)).toEqual(['b']);
});

test('what another clone wrote is seen once its branch is fetched and merged', async () => {
  const { repo } = approvedRepo();
  const one = await startSession(repo, 'shared-topic');
  await record(repo, one, stored('here'));
  await repo.ok(['hooks', 'session-end']);
  const there = join(tempDir(), 'clone');
  repo.git('clone', '-q', repo.dir, there);
  const follower = new MemoryFollower(repo.dir);
  expect(await seen(repo, follower)).toEqual(['here']);
  const clone = Object.assign(Object.create(Object.getPrototypeOf(repo)), { dir: there }) as TestRepo;
  const far = new MemoryFollower(there);
  expect(await seen(clone, far)).toEqual(['here']);
  await record(clone, one, stored('there'));
  expect(await seen(clone, far)).toEqual(['here', 'there']);
  await clone.ok(['hooks', 'session-end']);
  repo.git('pull', '-q', '--no-rebase', there, one.branch);
  expect(await seen(repo, follower)).toEqual(['here', 'there']);
});

test('a look at what has not changed starts no process; a deleted cache changes nothing', async () => {
  const { repo } = approvedRepo();
  await landSession(repo);
  const one = await startSession(repo, 'quiet-topic');
  const follower = new MemoryFollower(repo.dir);
  const before = await seen(repo, follower);
  expect(before).toEqual(['pattern/calculator-app/pure-functions']);
  const trace = join(tempDir(), 'trace');
  setEnv({ GIT_TRACE2_EVENT: trace });
  await record(repo, one, stored('a'));
  const now = await follower.now();
  expect(await now.seen.get({ namespace: 'coordination', key: 'a' })).not.toBeNull();
  // Nothing of git's own was traced; `record` opens the repository, which asks once.
  expect(existsSync(trace) ? readFileSync(trace, 'utf8').match(/"event":"start"/g) : []).toHaveLength(1);
  process.env.GIT_TRACE2_EVENT = '';
  const { commonDir } = await repo.open();
  rmSync(privatePaths(commonDir).cache, { recursive: true });
  expect(await seen(repo, follower)).toEqual(['a', ...before]);
});

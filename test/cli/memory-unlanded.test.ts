/** Memory of a session whose landing plain git took out of base: its journal was put away, and what it recorded is still seen. */

import { expect, test } from 'vitest';
import { MemoryFollower } from '../../src/lifecycle/memory/follow.ts';
import { approvedRepo, landSession } from '../support/landed.ts';

test('what it remembered before is found beside what it remembers now', async () => {
  const { repo } = approvedRepo();
  const { id, seal } = await landSession(repo);
  const branch = id.replace('session-', 'session/');
  repo.git('reset', '-q', '--hard', 'HEAD^1');
  repo.git('switch', '-q', '-c', branch, `${seal}^`);
  await repo.ok(['memory', 'store', 'later', 'second']);
  expect((await repo.json(['memory', 'list'])).entries.map(({ key }: { key: string }) => key).sort()).toEqual([
    'later',
    'pattern/calculator-app/pure-functions',
    'phase',
  ]);
  expect((await repo.json(['memory', 'get', 'phase'])).value).toBe('implementation');
  expect((await repo.json(['memory', 'get', 'later'])).value).toBe('second');
  const { seen } = await new MemoryFollower(repo.dir).now();
  expect(await seen.get({ namespace: 'coordination', key: 'phase' })).toMatchObject({ value: 'implementation' });
  expect((await repo.session(['memory', 'store', 'phase', 'mine', '--if-absent'])).code).toBe(1);
  expect((await repo.json(['status'])).session).toMatchObject({ id, state: 'active' });
});

/** Two clones with two sessions each: however their work comes together, both see the same memory, and git finds no conflict. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectMemory } from '../../src/lifecycle/memory/memory.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { approvedRepo, closeSession, workOn } from '../support/landed.ts';
import { run, TestRepo, tempDir } from '../support/repo.ts';
import { signWith } from '../support/trust.ts';

test('closed out in either order, merged either way, rebased or squashed: the same memory', async () => {
  const { repo: origin, key } = approvedRepo();
  const cloneOf = async (name: string) => {
    const clone = new TestRepo(join(tempDir(), name));
    await run('git', ['clone', '-q', origin.dir, clone.dir]);
    signWith(clone, key);
    return clone;
  };
  const [one, two] = [await cloneOf('one'), await cloneOf('two')];
  for (const [clone, order] of [
    [one, 'as started'],
    [two, 'the other way round'],
  ] as const) {
    const ids = [];
    for (const topic of ['first', 'second']) {
      const id = await workOn(clone, { topic: `${topic}-work-${order === 'as started' ? 'one' : 'two'}` });
      const { commonDir } = await clone.open();
      const actor = { kind: 'agent', name: topic } as const;
      const data = { namespace: 'reasoning-bank', key: 'note/shared', value: `${topic} ${order}` };
      appendRecord(commonDir, id, { kind: 'memory.stored', actor, data });
      ids.push(id);
      clone.git('switch', '-q', 'main');
    }
    for (const id of order === 'as started' ? ids : ids.reverse()) await closeSession(clone, id);
  }

  const both = (first: string, second: string) => (clone: TestRepo) => {
    for (const name of [first, second]) clone.git('merge', '-q', '--no-edit', `${name}/main`);
  };
  const ways: Record<string, (clone: TestRepo) => void> = {
    'one, then two': both('one', 'two'),
    'two, then one': both('two', 'one'),
    rebased: (clone) => {
      clone.git('reset', '-q', '--hard', 'two/main');
      clone.git('rebase', '-q', 'one/main');
    },
    squashed: (clone) => {
      for (const name of ['two', 'one']) {
        clone.git('merge', '-q', '--squash', `${name}/main`);
        clone.git('commit', '-q', '-m', `squash ${name}`);
      }
    },
  };
  const seen: Record<string, unknown> = {};
  for (const [way, bring] of Object.entries(ways)) {
    const clone = await cloneOf(way.replace(/\W/g, ''));
    for (const from of [one, two]) {
      const name = from === one ? 'one' : 'two';
      clone.git('remote', 'add', name, from.dir);
      clone.git('fetch', '-q', '--tags', name);
    }
    // git fails on a conflict.
    bring(clone);
    seen[way] = (await projectMemory(await clone.open(), 'HEAD')).map(({ at, record, ...entry }) => entry);
  }
  const [first, ...others] = Object.values(seen) as { key: string; value: unknown }[][];
  expect(first?.filter(({ key }) => key.startsWith('pattern/'))).toHaveLength(4);
  expect(first?.find(({ key }) => key === 'note/shared')).toMatchObject({ value: 'second the other way round' });
  for (const other of others) expect(other).toEqual(first);
});

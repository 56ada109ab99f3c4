import { expect, it } from 'vitest';
import { mergeTree, mergeTrees } from '../../src/git/merge-tree.ts';
import { makeRepo } from '../support/repo.ts';

it('is the same whatever is set or checked out, one by one and many at once', async () => {
  const repo = makeRepo({
    files: { '.gitattributes': 'log.txt merge=union\nlock.json -merge\n', 'log.txt': 'a\n', 'lock.json': '1\n2\n3\n4\n5\n' },
  });
  const open = await repo.open();
  repo.git('switch', '-q', '-c', 'side');
  const side = repo.commit('side', { 'log.txt': 'a\nside\n' });
  const locked = repo.commit('lock', { 'lock.json': '1\n2\n3\n4\nfive\n', 'log.txt': 'a\n' });
  repo.git('switch', '-q', 'main');
  const main = repo.commit('main', { 'log.txt': 'a\nmain\n' });
  const lock = repo.commit('lock', { 'lock.json': 'one\n2\n3\n4\n5\n', 'log.txt': 'a\n' });
  repo.git('switch', '-q', '--orphan', 'alone');
  const alone = repo.commit('alone');
  repo.git('switch', '-q', '-f', 'main');

  expect(await mergeTree(open, main, side)).toEqual({ conflicts: ['log.txt'] });
  const clean = await mergeTree(open, lock, locked);
  expect(clean).toHaveProperty('tree');
  repo.git('config', 'merge.renames', 'false');
  const pairs = [
    [main, side],
    [lock, locked],
    [main, main],
  ] as const;
  const each = await Promise.all(pairs.map(([ours, theirs]) => mergeTree(open, ours, theirs)));
  expect(each[1]).toEqual(clean);
  expect(await mergeTrees(open, pairs)).toEqual(each);
  expect(await mergeTrees(open, [...pairs, [main, alone]])).toEqual([...each, null]);
  expect(await mergeTrees(open, [])).toEqual([]);
});

import { expect, it } from 'vitest';
import { isOlder } from '../../src/core/supported.ts';
import { patchId, patchIds } from '../../src/git/patch-id.ts';
import { gitVersion } from '../../src/git/version.ts';
import { makeRepo } from '../support/repo.ts';

const old = isOlder(await gitVersion(), [2, 39]);

it.runIf(old)('is not known to a git before 2.39, and base that moved is asked about', async () => {
  const repo = makeRepo();
  const open = await repo.open();
  const [from, to] = [repo.git('rev-parse', 'HEAD^{tree}'), repo.commit('change', { 'a.txt': 'a\n' })];
  expect(await patchId(open, from, to)).toBeNull();
  expect(await patchIds(open, [[from, repo.git('rev-parse', `${to}^{tree}`)]])).toEqual([null]);
});

it.skipIf(old)('is that of stock git, the same on another base, and another for white space or a binary file', async () => {
  const repo = makeRepo({ files: { 'a.txt': 'one\ntwo\n' } });
  const open = await repo.open();
  const base = repo.git('rev-parse', 'HEAD');
  const change = repo.commit('change', { 'a.txt': 'one\ntwo \n', 'b.bin': 'x\0y' });
  const id = await patchId(open, base, change);
  expect(id).toBe(repo.git('-c', 'alias.p=!git diff-tree -p --full-index HEAD^ HEAD | git patch-id --verbatim', 'p').split(' ')[0]);

  repo.git('switch', '-q', '-c', 'other', base);
  const moved = repo.commit('elsewhere', { 'c.txt': 'c\n' });
  const again = repo.commit('change', { 'a.txt': 'one\ntwo \n', 'b.bin': 'x\0y' });
  expect(await patchId(open, moved, again)).toBe(id);
  repo.git('config', 'diff.context', '0');
  repo.write('.gitattributes', '*.txt binary\n');
  expect(await patchId(open, moved, again)).toBe(id);

  repo.git('reset', '-q', '--hard', moved);
  expect(await patchId(open, moved, repo.commit('blank', { 'a.txt': 'one\ntwo\t\n', 'b.bin': 'x\0y' }))).not.toBe(id);
  repo.git('reset', '-q', '--hard', moved);
  expect(await patchId(open, moved, repo.commit('bytes', { 'a.txt': 'one\ntwo \n', 'b.bin': 'x\0z' }))).not.toBe(id);
  expect(await patchId(open, base, base)).toBeNull();

  const tree = (commit: string) => repo.git('rev-parse', `${commit}^{tree}`);
  const pairs = [
    [tree(base), tree(base)],
    [tree(base), tree(change)],
    [tree(base), tree(base)],
    [tree(moved), tree(again)],
    [tree(base), tree(moved)],
  ] as const;
  const each = await Promise.all(pairs.map(([from, to]) => patchId(open, from, to)));
  expect(await patchIds(open, pairs)).toEqual(each);
  expect([each[0], each[1], each[3]]).toEqual([null, id, id]);
});

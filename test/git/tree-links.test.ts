/** Where links in a tree lead: the same as in a checkout of it. */

import { existsSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { openRepo } from '../../src/git/repo.ts';
import { followLinks } from '../../src/git/tree-links.ts';
import { makeRepo } from '../support/repo.ts';

const LINKS = {
  'AGENTS.md': 'CLAUDE.md',
  '.claude': 'tools/claude',
  'tools/claude/deep': '../../docs/./a/..',
  'tools/chain': '../.claude',
  gone: 'tools/none',
  out: '../outside',
  root: '/etc',
  circle: 'circle-too',
  'circle-too': 'circle',
};

test('paths lead where the file system says; out of the tree, through a file and around in a circle they lead nowhere', async () => {
  const repo = makeRepo({ files: { 'CLAUDE.md': 'x\n', 'tools/claude/settings.json': '{}\n', 'docs/a/b.md': 'x\n', 'docs/c.md': 'x\n' } });
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(repo.dir, path));
  repo.commit('links');
  const inside = [
    'CLAUDE.md',
    'AGENTS.md',
    '.claude',
    '.claude/settings.json',
    '.claude/commands/new.md',
    '.claude/deep/c.md',
    'tools/chain/deep/a/b.md',
    'tools/chain/settings.json',
    'docs/a',
    'new/folder/file',
  ];
  const nowhere = ['out', 'out/x', 'root/passwd', 'circle', 'circle-too/x', 'CLAUDE.md/x', 'AGENTS.md/x'];
  const found = await followLinks(await openRepo(repo.dir), 'HEAD', [...inside, 'gone', 'gone/x', ...nowhere]);
  const real = (path: string): string =>
    existsSync(path) ? realpathSync(path) : join(real(dirname(path)), path.slice(dirname(path).length + 1));
  const expected = [
    ...inside.map((path) => [path, relative(realpathSync(repo.dir), real(join(repo.dir, path)))] as const),
    ['gone', 'tools/none'] as const,
    ['gone/x', 'tools/none/x'] as const,
    ...nowhere.map((path) => [path, null] as const),
  ];
  expect([...found]).toEqual(expected);
});

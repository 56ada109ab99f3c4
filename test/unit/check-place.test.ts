/** Where checks run: outside the repository, ours alone, and away from modules that lie about. */

import { chmodSync, existsSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isInside, placeIn, privateRoot, removeTree } from '../../src/closeout/checks/place.ts';
import { tempDir } from '../support/repo.ts';

function temporary(dir: string): string {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = dir;
  onTestFinished(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  return realpathSync(dir);
}

const NAME = `git-session-checks-${userInfo().uid}`;

test('a private folder in the folder for temporary files', () => {
  const base = temporary(tempDir());
  mkdirSync(join(base, NAME), { mode: 0o755 });
  expect(privateRoot(['/repo'])).toBe(join(base, NAME));
  expect(statSync(join(base, NAME)).mode & 0o777).toBe(0o700);
});

test('not inside the repository', () => {
  const base = temporary(tempDir());
  expect(isInside(base, privateRoot([base]))).toBe(false);
  expect(() => privateRoot([base, '/tmp', '/var/tmp'])).toThrow('no place');
});

test('not where a link of that name was put', () => {
  const base = temporary(tempDir());
  symlinkSync(tempDir(), join(base, NAME));
  const root = privateRoot([]);
  expect(root).toMatch(new RegExp(`^${join(base, NAME)}-`));
});

test('modules that somebody put there are not found from it', () => {
  const base = temporary(tempDir());
  mkdirSync(join(base, NAME, 'node_modules'), { recursive: true });
  writeFileSync(join(base, NAME, 'package.json'), '{}');
  expect(privateRoot([])).toBe(join(base, NAME));
  expect(['node_modules', 'package.json'].some((name) => existsSync(join(base, NAME, name)))).toBe(false);
  mkdirSync(join(base, 'node_modules'));
  expect(isInside(base, privateRoot([]))).toBe(false);
});

test('a place in a tree does not go up and does not follow links', () => {
  const tree = tempDir();
  mkdirSync(join(tree, 'in'));
  symlinkSync('/', join(tree, 'out'));
  expect(placeIn(tree, 'in/new/file')).toBe(join(tree, 'in/new/file'));
  expect(placeIn(tree, 'out')).toBe(join(tree, 'out'));
  for (const path of ['out/file', '../x', 'in/../../x', 'in/../x', '.', '']) expect(placeIn(tree, path)).toBeNull();
});

test('everything can be removed, and links are not followed', () => {
  const [tree, other] = [tempDir(), tempDir()];
  writeFileSync(join(other, 'kept'), '');
  mkdirSync(join(tree, 'a/b'), { recursive: true });
  symlinkSync(other, join(tree, 'a/b/link'));
  chmodSync(join(tree, 'a/b'), 0);
  removeTree(join(tree, 'a'));
  expect([existsSync(join(tree, 'a')), existsSync(join(other, 'kept'))]).toEqual([false, true]);
});

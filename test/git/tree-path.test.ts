import { expect, test } from 'vitest';
import { isTreePath } from '../../src/core/routing/tree-path.ts';
import { copyIndexWith } from '../../src/git/index-file.ts';
import { makeRepo, run } from '../support/repo.ts';

const NAMES = ['.git', '.GiT', 'git~1', 'GIT~1', 'git~2', '.gitmodules', '.GITmodules', '.gitmodule', 'gitmod~1', 'gitmod~4', 'gitmod~5'];
const SHORT = ['gi7eba~1', 'GI7EB~10', 'gi7eb~01', 'gi7e~100', 'gi7~1000', 'gi~10000', 'g~100000', '~1000000', '~100000', 'gi7eba~'];
const HIDDEN = ['.g\u200cit', '.git\ufeffmodules', '.gi\u202at', '.gitignore', 'ordinary.js', 'back\\slash.js', '..', '.', '...'];
const BEFORE = ['', 'src/', 'src\\', 'a/b\\'];
const AFTER = ['', ' ', '.', ' . ', ':x', ':a\nb', '/x', '\\x', ' x', 'x'];

/** What git leaves out of an index, with its rules for every system. */
async function leftOut(mode: string, paths: string[]): Promise<Set<string>> {
  const repo = makeRepo();
  repo.git('config', 'core.protectHFS', 'true');
  const blob = repo.git('rev-parse', 'HEAD:README.md');
  const out = new Set<string>();
  const input = paths.map((path) => `${mode} ${blob}\t${path}\0`).join('');
  const { err } = await run('git', ['update-index', '--add', '--replace', '-z', '--index-info'], { cwd: repo.dir, input });
  const rest = err.split(/^Ignoring path /m).map((row) => row.replace(/\n$/, ''));
  for (const path of rest) out.add(path);
  return out;
}

test.each(['100644', '120000'])('no path of mode %s is taken that git would leave out, and plain ones are taken', async (mode) => {
  const paths = [...NAMES, ...SHORT, ...HIDDEN].flatMap((name) => BEFORE.flatMap((before) => AFTER.map((after) => before + name + after)));
  const refused = await leftOut(mode, paths);
  expect(refused.size).toBeGreaterThan(100);
  expect(paths.filter((path) => refused.has(path) && isTreePath(path, mode))).toEqual([]);
  const ordinary = ['.gitignore', 'src/ordinary.js', 'back\\slash.js', 'git~2', 'gi7eb~01', '.gitmodulesx', 'src/...'];
  expect(ordinary.filter((path) => !isTreePath(path, mode))).toEqual([]);
  expect(isTreePath('.gitmodules', mode)).toBe(mode === '100644');
});

test('an index is not made without a path that git leaves out', async () => {
  const repo = makeRepo();
  const opened = await repo.open();
  const oid = repo.git('rev-parse', 'HEAD:README.md');
  const change = { path: 'src/.git\\config', oid, mode: '100644' as const };
  await expect(copyIndexWith(opened, `${repo.dir}/.git/side`, [change])).rejects.toThrow(/Ignoring path/);
});

/** What a failure may leave behind: nothing. Every byte that must not change, and everything that must not be there. */

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { tryLock } from '../../src/store/lock.ts';
import type { Ran, TestRepo } from './repo.ts';

/** Objects that no ref names, caches, locks at rest, the writer's id and the acts that came to nothing are no state. */
const NO_STATE =
  /^\.git\/(objects|logs\/refs\/git-session)(\/|$)|^\.git\/git-session\/(cache|locks)(\/|$)|^\.git\/git-session\/(writer\.json|acts\.jsonl)$/;
/** What git could not finish inside `objects` is its own to prune. */
const UNFINISHED = /^(?!\/objects\/).*(\.lock$|\.tmp$|fast_import_crash|\/git-session\/(drain|build)\/)/;

/** Every file of the repository by path: refs, HEAD, index, configuration, journal, working tree, byte for byte. */
export function bytesOf(repo: TestRepo): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (at: string) => {
    for (const { name } of readdirSync(join(repo.dir, at), { withFileTypes: true })) {
      const path = at ? `${at}/${name}` : name;
      if (NO_STATE.test(path)) continue;
      const full = join(repo.dir, path);
      const stat = lstatSync(full);
      if (stat.isDirectory()) walk(path);
      else if (stat.isSymbolicLink()) found[path] = `link ${readlinkSync(full)}`;
      else found[path] = `${(stat.mode & 0o777).toString(8)} ${createHash('sha1').update(readFileSync(full)).digest('hex')}`;
    }
  };
  walk('');
  return found;
}

/** Fails where a lock, a temporary file, a worktree of ours, a broken object or an unfinished write is left. `worktrees`: how many there should be. */
export function expectNothingLeft(repo: TestRepo, { worktrees = 1 } = {}): void {
  const commonDir = resolve(repo.dir, repo.git('rev-parse', '--git-common-dir'));
  const files = readdirSync(commonDir, { recursive: true, encoding: 'utf8' });
  expect(files.map((file) => `/${file}`).filter((file) => UNFINISHED.test(file) && !file.startsWith('/git-session/locks/'))).toEqual([]);
  expect(repo.git('for-each-ref', '--format=%(refname)', 'refs/git-session/build*')).toBe('');
  expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(worktrees);
  expect(repo.git('fsck', '--no-dangling', '--no-progress')).toBe('');
  const locks = join(commonDir, 'git-session', 'locks');
  for (const name of list(locks)) {
    const lock = tryLock(commonDir, name);
    expect(lock, `the lock ${name} is held`).not.toBeNull();
    lock?.release();
    expect(list(join(locks, name))).toHaveLength(1);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Runs a command that must be refused: every byte stays, and nothing is left. */
export async function refuses(repo: TestRepo, act: () => Promise<Ran>, options: { worktrees?: number } = {}): Promise<Ran> {
  const before = bytesOf(repo);
  const ran = await act();
  expect(bytesOf(repo)).toEqual(before);
  expect(ran.code, `${ran.out}${ran.err}`).not.toBe(0);
  expect(ran.code, ran.err).not.toBe(70);
  expectNothingLeft(repo, options);
  return ran;
}

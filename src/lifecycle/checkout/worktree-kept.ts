/** What keeps a linked worktree where it is: anything in it that nothing else holds. Looks only. */

import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { oneLine } from '../../core/text/text.ts';
import { indexEntries } from '../../git/entries.ts';
import { hashFiles } from '../../git/hash.ts';
import { readStatus, readWorktrees } from '../../git/porcelain.ts';
import { commitOf } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { operationInProgress } from '../../git/switch.ts';
import { ignoredIn, overlookedIn, unheldTips } from '../../git/worktrees.ts';

export interface KeepOptions {
  /** Folders that tools fill again: what lies in them keeps nothing. */
  refillable: readonly string[];
  /** A removal was begun and killed: files of the last commit that are missing were deleted by it. */
  begun?: boolean;
}

/**
 * Why removing the worktree at `top` would lose something, as the end of "it stays: …"; null where it would not. What git ignores keeps it, too,
 * unless tools fill it again or the main checkout has the same.
 */
export async function whyKept(repo: Repo, top: string, { refillable, begun = false }: KeepOptions): Promise<string | null> {
  if (!existsSync(top)) return 'its folder is gone';
  const there = repoAt(repo, top);
  const rows = await readWorktrees(repo);
  if (rows.find((row) => row.path === top)?.locked) return 'it is locked';
  const operation = await operationInProgress(there);
  if (operation) return `a ${operation} is not finished there`;
  const head = await commitOf(there, 'HEAD');
  if (head === null || (await unheldTips(repo, [head])).length > 0) return 'it is on a commit that no branch or tag holds';
  const dirty = (await readStatus(there)).filter((row) => !(begun && row.staged === '.' && row.unstaged === 'D'));
  if (dirty.length > 0) return `${named(dirty.map(({ path }) => path))} not committed`;
  const overlooked = await changedUnseen(there);
  if (overlooked.length > 0) return `${named(overlooked)} changed, and git was told not to look`;
  if (holdsSubmodule(there)) return 'a submodule is checked out in it';
  const main = rows[0]?.path ?? top;
  const own = (await ignoredIn(there)).filter((path) => !isRefilled(path, refillable) && !(main !== top && sameAt(main, top, path)));
  return own.length === 0 ? null : `${named(own)} ignored by git, and nothing else has the same`;
}

/** `a.txt is`, `a.txt and b.txt are`, `a.txt, b.txt and 3 more are`. */
function named(paths: readonly string[]): string {
  const shown = paths.slice(0, 2).map((path) => oneLine(path, 80));
  if (paths.length > 2) return `${shown.join(', ')} and ${paths.length - 2} more are`;
  return `${shown.join(' and ')} ${paths.length === 1 ? 'is' : 'are'}`;
}

const isRefilled = (path: string, names: readonly string[]) =>
  names.some((name) => `/${path.replace(/\/$/, '')}/`.includes(`/${name.replace(/^\.?\/+|\/+$/g, '')}/`));

/** Files that are there and differ from the index, of those that `git status` says nothing of. */
async function changedUnseen(there: Repo): Promise<string[]> {
  const paths = (await overlookedIn(there)).filter((path) => lstatSync(join(there.top, path), { throwIfNoEntry: false }));
  if (paths.length === 0) return [];
  const [now, index] = [await hashFiles(there, paths), await indexEntries(there, paths)];
  return paths.filter((path, n) => now[n] !== index.get(path)?.oid);
}

/** The repository of a submodule of a linked worktree lies in that worktree's git dir, and would go with it. */
function holdsSubmodule({ gitDir }: Repo): boolean {
  const modules = join(gitDir, 'modules');
  return existsSync(modules) && readdirSync(modules).length > 0;
}

/** True where the main checkout has the same at this path, byte for byte, or the path is a link to what it has there. */
function sameAt(main: string, top: string, path: string): boolean {
  const [here, there] = [join(top, path.replace(/\/$/, '')), join(main, path.replace(/\/$/, ''))];
  const [mine, its] = [lstatSync(here, { throwIfNoEntry: false }), lstatSync(there, { throwIfNoEntry: false })];
  if (!mine || !its) return false;
  if (mine.isSymbolicLink()) {
    const target = readlinkSync(here);
    return resolve(dirname(here), target) === there || (its.isSymbolicLink() && readlinkSync(there) === target);
  }
  if (mine.isDirectory()) return its.isDirectory() && readdirSync(here).every((name) => sameAt(main, top, join(path, name)));
  return mine.isFile() && its.isFile() && mine.size === its.size && readFileSync(here).equals(readFileSync(there));
}

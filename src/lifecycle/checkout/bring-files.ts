/**
 * Brings files that git ignores (`.env` and the like) from the main checkout into a new worktree, by the policy's explicit list. Only what git ignores in
 * the new worktree as well comes: it makes nothing dirty there, and no checkpoint takes it. Nothing that is there already is touched.
 */

import { constants, copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { bringFault } from '../../core/policy/worktree.ts';
import { oneLine } from '../../core/text/text.ts';
import { ignoredBy } from '../../git/ignored.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';

export interface Brought {
  /** Relative to the top. */
  path: string;
  /** `kept`: something is there already, such as the branch's own file. `left`: not brought. */
  how: 'copied' | 'linked' | 'kept' | 'left';
  /** Why it was kept or left, as a half sentence; null where it was brought. */
  why: string | null;
}

/** Never throws: what cannot be brought is left, and says why. */
export async function bringFiles(repo: Repo, top: string, wish: { copy: readonly string[]; link: readonly string[] }): Promise<Brought[]> {
  const rows = [...wish.copy.map((path) => ({ path, link: false })), ...wish.link.map((path) => ({ path, link: true }))];
  if (rows.length === 0) return [];
  const main = await mainCheckout(repo);
  const brought: Brought[] = [];
  // One after the other: an entry may lie in the folder that another has brought.
  for (const { path, link } of rows) brought.push(await bring({ main, there: repoAt(repo, top) }, path.replace(/\/$/, ''), link));
  return brought;
}

async function bring({ main, there }: { main: string; there: Repo }, path: string, link: boolean): Promise<Brought> {
  const [from, to] = [join(main, path), join(there.top, path)];
  try {
    const block = blocked(there.top, path);
    if (block === null && look(to)) return { path, how: 'kept', why: 'something is there already' };
    const why = block ?? refusal(main, from) ?? (await notIgnored(there, path, look(from)?.isDirectory() === true, link));
    if (why !== null) return { path, how: 'left', why };
    mkdirSync(dirname(to), { recursive: true });
    if (link) symlinkSync(from, to);
    else copy(main, from, to);
    return { path, how: link ? 'linked' : 'copied', why: null };
  } catch (error) {
    return { path, how: 'left', why: oneLine((error as Error).message, 200) };
  }
}

/** Of a bare repository there is none; the worktree at hand stands for it then. */
async function mainCheckout(repo: Repo): Promise<string> {
  const first = (await readWorktrees(repo))[0]?.path;
  return first === undefined || first === repo.commonDir || !look(first) ? repo.top : first;
}

const look = (path: string) => lstatSync(path, { throwIfNoEntry: false }) ?? null;

/** A pattern such as `data/` ignores a folder, and no link of that name. */
async function notIgnored(there: Repo, path: string, folder: boolean, link: boolean): Promise<string | null> {
  const asked = folder && !link ? `${path}/` : path;
  if ((await ignoredBy(there, [asked])).has(asked)) return null;
  const slash = link && folder ? ' (as a link: a pattern that ends in a slash ignores folders alone)' : '';
  return `git does not ignore ${asked} there, so that it would be committed${slash}`;
}

/** Links in the way, or at the end of it, may lead anywhere: only what truly lies in the main checkout, and not in a git dir, is brought. */
function refusal(main: string, from: string): string | null {
  if (!look(from)) return 'it is not in the main checkout';
  if (!existsSync(from)) return 'it is a link to nothing';
  const inside = insideOf(realpathSync(main), realpathSync(from));
  if (inside === null) return 'it leads out of the main checkout';
  return bringFault(inside.split(sep).join('/')) === null ? null : 'it leads into a git dir';
}

/** The path below a folder; null where it is not below it. */
function insideOf(folder: string, path: string): string | null {
  const below = relative(folder, path);
  return below === '' || below === '..' || below.startsWith(`..${sep}`) ? null : below;
}

/** The folders on the way are made, and lead through no link of the branch. */
function blocked(top: string, name: string): string | null {
  const steps = name.split('/').slice(0, -1);
  for (const [n] of steps.entries()) {
    const stat = look(join(top, ...steps.slice(0, n + 1)));
    if (stat && !stat.isDirectory()) return `${steps.slice(0, n + 1).join('/')} is no folder on that branch`;
  }
  return null;
}

/** Content is shared where the file system can. Links that lead out of the main checkout, nested git dirs, sockets and devices are left out. */
function copy(main: string, from: string, to: string): void {
  const real = realpathSync(from);
  if (!lstatSync(real).isDirectory()) {
    copyFileSync(real, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return;
  }
  const home = realpathSync(main);
  cpSync(real, to, {
    recursive: true,
    verbatimSymlinks: true,
    errorOnExist: true,
    force: false,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => {
      const stat = lstatSync(path);
      if (stat.isSymbolicLink()) return insideOf(home, resolve(dirname(path), readlinkSync(path))) !== null;
      return basename(path) !== '.git' && (stat.isFile() || stat.isDirectory());
    },
  });
}

/** Linked worktrees. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoAt } from './repo.ts';
import { type Repo, runGit } from './run.ts';

/** A new worktree at `path` with an existing branch checked out. Throws GitError; git cleans up what it began. */
export async function addWorktree(repo: Repo, path: string, branch: string): Promise<void> {
  await runGit(repo, ['worktree', 'add', '--quiet', '--no-guess-remote', '--', path, branch]);
}

/** Takes a clean linked worktree away; false where git refuses because something in it is not committed. */
export async function removeWorktree(repo: Repo, path: string): Promise<boolean> {
  return (await runGit(repo, ['worktree', 'remove', '--', path], { ok: [0, 128] })).code === 0;
}

/**
 * Goes on with a removal of a clean worktree that was killed: git deletes files first, `.git` among them, and what it knows of the
 * worktree last. False where more is left there than files that are still to be deleted: somebody has been at work since.
 */
export async function finishRemoval(repo: Repo, path: string, refillable: readonly string[]): Promise<boolean> {
  if (!existsSync(path)) return removeWorktree(repo, path);
  const link = join(path, '.git');
  if (!existsSync(link)) {
    const known = knownAs(repo, link);
    if (known === null) return false;
    writeFileSync(link, `gitdir: ${known}\n`);
  }
  const { out } = await runGit(repoAt(repo, path), ['status', '--porcelain', '-z', '--untracked-files=all']);
  const rows = out.split('\0').filter(Boolean);
  if (!rows.every((row) => row.startsWith(' D ')) || !(await ignoresOnly(repoAt(repo, path), refillable))) return false;
  return (await runGit(repo, ['worktree', 'remove', '--force', '--', path], { ok: [0, 128] })).code === 0;
}

/** The folder in which git keeps what it knows of a worktree, by the worktree's `.git` file. */
function knownAs(repo: Repo, link: string): string | null {
  const all = join(repo.commonDir, 'worktrees');
  if (!existsSync(all)) return null;
  const found = readdirSync(all).find((name) => {
    const back = join(all, name, 'gitdir');
    return existsSync(back) && readFileSync(back, 'utf8').trim() === link;
  });
  return found === undefined ? null : join(all, found);
}

/** True where all that git ignores in a worktree lies in folders of these names: tools fill them again. */
export async function ignoresOnly(repo: Repo, names: readonly string[]): Promise<boolean> {
  const { out } = await runGit(repo, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']);
  const known = new Set(names.map((name) => name.replace(/\/+$/, '')));
  return out
    .split('\0')
    .filter(Boolean)
    .every((path) => path.split('/').some((part) => known.has(part)));
}

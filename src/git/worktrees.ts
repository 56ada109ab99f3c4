/** Linked worktrees: made, looked into, taken away. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Repo, runGit } from './run.ts';

/** A new worktree at `path` with an existing branch checked out. Throws GitError; git cleans up what it began. */
export async function addWorktree(repo: Repo, path: string, branch: string): Promise<void> {
  await runGit(repo, ['worktree', 'add', '--quiet', '--no-guess-remote', '--', path, branch]);
}

/**
 * Takes a linked worktree away; null, or why git would not. git looks at what is not committed and not at what it ignores, so ask
 * `whyKept` first. `begun`: the files are half gone already, by a removal that was killed.
 */
export async function dropWorktree(repo: Repo, path: string, begun = false): Promise<string | null> {
  const { code, err } = await runGit(repo, ['worktree', 'remove', ...(begun ? ['--force'] : []), '--', path], { ok: [0, 1, 128, 255] });
  // git names the option that throws away what it has just protected.
  return code === 0
    ? null
    : err
        .replace(/^fatal: /, '')
        .replace(/,?\s*use '?(--force|remove -f)[\s\S]*/, '')
        .trim() || `it exited with ${code}`;
}

/** Gives a worktree back the `.git` file that a killed removal has deleted; false where git knows no worktree there. */
export function relinkWorktree(repo: Repo, path: string): boolean {
  const link = join(path, '.git');
  if (existsSync(link)) return true;
  const known = knownAs(repo, link);
  if (known !== null) writeFileSync(link, `gitdir: ${known}\n`);
  return known !== null;
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

/** What git ignores in a worktree: files, and folders of nothing else with a slash behind. */
export async function ignoredIn(repo: Repo): Promise<string[]> {
  const { out } = await runGit(repo, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']);
  return out.split('\0').filter(Boolean);
}

/** Tracked files of which git was told not to look at changes (`--assume-unchanged`, `--skip-worktree`), there or not. */
export async function overlookedIn(repo: Repo): Promise<string[]> {
  const { out } = await runGit(repo, ['ls-files', '-z', '-v']);
  return out.split('\0').flatMap((row) => (/^[a-zS] /.test(row) ? [row.slice(2)] : []));
}

/** Every commit that a worktree's HEAD has been on, as far as its reflog tells, and those that only its own refs hold. */
export async function everOn(repo: Repo): Promise<string[]> {
  const [log, refs] = await Promise.all([
    runGit(repo, ['rev-list', '--walk-reflogs', 'HEAD'], { ok: [0, 128] }),
    runGit(repo, ['for-each-ref', '--format=%(objectname)', 'refs/worktree/', 'refs/rewritten/', 'refs/bisect/']),
  ]);
  return [...new Set(`${log.out}${refs.out}`.split('\n').filter(Boolean))];
}

/** Of these commits and what they lead to, the newest that no ref leads to. The heads of worktrees count for nothing. */
export async function unheldTips(repo: Repo, commits: readonly string[]): Promise<string[]> {
  if (commits.length === 0) return [];
  const args = ['rev-list', '--parents', '--ignore-missing', '--stdin', '--not', '--glob=refs/*'];
  const { out } = await runGit(repo, args, { input: commits.map((commit) => `${commit}\n`).join('') });
  const rows = out.split('\n').filter(Boolean);
  const parents = new Set(rows.flatMap((row) => row.split(' ').slice(1)));
  return rows.flatMap((row) => row.split(' ').slice(0, 1)).filter((commit) => !parents.has(commit));
}

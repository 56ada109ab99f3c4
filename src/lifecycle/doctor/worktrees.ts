/** Worktrees whose folder is gone, and locks of git that nobody seems to hold. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { oneLine } from '../../core/text/text.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import type { Finding, Probe } from './finding.ts';
import { clearLeftovers } from './try-commit.ts';

/** git holds its locks for moments; an editor or a big commit may hold it longer. */
const OLD_MS = 60_000;

export const worktrees: Probe = {
  name: 'worktrees',
  look: async ({ repo, now }) => {
    await clearLeftovers(repo);
    const rows = await readWorktrees(repo);
    const gone = rows.filter(({ prunable, locked }) => prunable && !locked);
    const found: Finding[] = gone.map(({ path, branch }) => ({
      health: 'warn',
      what: `The worktree ${oneLine(path, 120)} is gone`,
      why: branch ? `git still takes ${oneLine(branch, 80)} for checked out there.` : undefined,
      next: 'Bring the folder back, or let git forget it, with what was staged there: git worktree prune',
    }));
    const here = rows.filter(({ prunable }) => !prunable);
    const locks = lockFiles(repo, here).flatMap((path) => oldLock(path, now));
    if (found.length + locks.length === 0) {
      found.push({ health: 'ok', what: here.length === 1 ? 'One worktree' : `${here.length} worktrees, all there` });
    }
    return [...found, ...locks];
  },
};

/** Where a git that was killed may have left one: each worktree's index and HEAD, and what all of them share. */
function lockFiles(repo: Repo, rows: readonly { path: string }[]): string[] {
  const own = rows.flatMap(({ path }) => ['index.lock', 'HEAD.lock'].map((name) => join(repoAt(repo, path).gitDir, name)));
  const refs = readdirSync(join(repo.commonDir, 'refs'), { withFileTypes: true, recursive: true });
  return [
    ...own,
    ...['packed-refs.lock', 'config.lock'].map((name) => join(repo.commonDir, name)),
    ...refs.filter((entry) => entry.isFile() && entry.name.endsWith('.lock')).map((entry) => join(entry.parentPath, entry.name)),
  ];
}

function oldLock(lock: string, now: Date): Finding[] {
  const stat = statSync(lock, { throwIfNoEntry: false });
  if (!stat || now.getTime() - stat.mtimeMs < OLD_MS) return [];
  return [
    {
      health: 'warn',
      what: `${oneLine(lock, 160)} has been there for ${Math.round((now.getTime() - stat.mtimeMs) / 60_000)} minutes`,
      why: 'A git that still runs holds it, or one that was killed left it; commits and checkpoints wait for it.',
      next: 'Where no git is running, remove that file yourself',
    },
  ];
}

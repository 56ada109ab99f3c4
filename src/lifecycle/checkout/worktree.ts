/** A linked worktree for a session, outside the repository. */

import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { GitError, type Repo } from '../../git/run.ts';
import { addWorktree } from '../../git/worktrees.ts';
import { withLock } from '../../store/lock.ts';
import { equipWorktree } from '../hooks/install.ts';

export interface WorktreeRequest {
  branch: string;
  topic: string;
  /** As the person gave it, relative to where they are; true for the default place. */
  path: string | true;
}

/** Checks the branch out in a new worktree and returns its top; the hooks run there. Throws (exit 1) where the place is taken or inside the repository. */
export async function addSessionWorktree(repo: Repo, request: WorktreeRequest): Promise<string> {
  // Two `git worktree add` at once can fail on each other's half-made files, and would choose one default place.
  const path = await withLock(repo.commonDir, 'worktrees', async () => {
    const place = request.path === true ? defaultPlace(repo, request.topic) : resolve(repo.cwd, request.path);
    refuseInside(repo, place);
    await add(repo, place, request.branch);
    return place;
  });
  const top = realpathSync(path);
  // Hooks that cannot be made to run are told by `start`, `switch` and `status`; the worktree is good without them.
  await equipWorktree(repo, top).catch(() => {});
  return top;
}

async function add(repo: Repo, path: string, branch: string): Promise<void> {
  try {
    await addWorktree(repo, path, branch);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // A post-checkout hook that fails makes git exit 1 although the worktree is there.
    if ((await readWorktrees(repo)).some((row) => row.branch === branch && !row.prunable)) return;
    throw stateError(
      { what: `The worktree could not be made at ${path}.`, why: error.said, next: 'Name another place with --worktree <path>.' },
      error,
    );
  }
}

/** `../<repository>.worktrees/<topic>` beside the repository, or the first `<topic>-<n>` that is free. */
function defaultPlace(repo: Repo, topic: string): string {
  const home = homeOf(repo);
  const folder = join(dirname(home), `${basename(home).replace(/\.git$/, '')}.worktrees`);
  for (let n = 1; ; n++) {
    const path = join(folder, n === 1 ? topic : `${topic}-${n}`);
    if (!existsSync(path)) return path;
  }
}

/** The folder that people call the repository: around `.git`, a bare one itself; a submodule's checkout, whose git dir lies in its parent's. */
function homeOf({ commonDir, top }: Repo): string {
  if (basename(commonDir) === '.git') return dirname(commonDir);
  return commonDir.includes(`${sep}.git${sep}`) ? top : commonDir;
}

function refuseInside(repo: Repo, path: string): void {
  for (const top of [repo.top, repo.commonDir]) {
    const below = relative(top, path);
    if (below === '..' || below.startsWith(`..${sep}`)) continue;
    throw stateError({
      what: 'A worktree inside the repository would show up as its content.',
      why: path,
      next: 'Name a place outside of it, or leave the path out for the default one.',
    });
  }
}

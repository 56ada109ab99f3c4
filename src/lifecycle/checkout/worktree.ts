/** A linked worktree for a session, outside the repository, with what the policy brings into it. */

import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { DEFAULT_POLICY, type Policy } from '../../core/policy/policy.ts';
import { placeAt } from '../../core/policy/worktree.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { hashFiles } from '../../git/hash.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import { GitError, type Repo } from '../../git/run.ts';
import { addWorktree } from '../../git/worktrees.ts';
import { withLock } from '../../store/lock.ts';
import { equipWorktree } from '../hooks/install.ts';
import type { PolicyNow } from '../policy-now.ts';
import { addDirty } from '../start/dirty.ts';
import { type Brought, bringFiles } from './bring-files.ts';

export interface WorktreeRequest {
  id: SessionId;
  branch: string;
  topic: string;
  /** As the person gave it, relative to where they are; true for the default place. */
  path: string | true;
  policy: Policy['worktree'];
}

export interface SessionWorktree {
  top: string;
  brought: Brought[];
}

/** What the policy says of worktrees; the defaults where it cannot be followed. */
export const worktreePolicy = ({ effective }: PolicyNow): Policy['worktree'] => (effective?.policy ?? DEFAULT_POLICY).worktree;

/** Checks the branch out in a new worktree; the hooks run there. Throws (exit 1) where the place is taken or inside the repository. */
export async function addSessionWorktree(repo: Repo, request: WorktreeRequest): Promise<SessionWorktree> {
  // Two `git worktree add` at once can fail on each other's half-made files, and would choose one default place.
  const path = await withLock(
    repo.commonDir,
    'worktrees',
    async () => {
      const place = request.path === true ? freePlace(repo, request) : resolve(repo.cwd, request.path);
      refuseInside(repo, place);
      await add(repo, place, request.branch);
      return place;
    },
    { timeoutMs: 60_000 },
  );
  const top = realpathSync(path);
  // Hooks that cannot be made to run are told by `start`, `switch` and `status`; the worktree is good without them.
  await equipWorktree(repo, top).catch(() => {});
  const brought = await bringFiles(repo, top, request.policy);
  // git ignores it; this is for the case that somebody changes the rules.
  await holdBack(repoAt(repo, top), request.id, brought).catch(() => {});
  return { top, brought };
}

/** What was brought is the person's, and no checkpoint takes it. */
async function holdBack(there: Repo, id: SessionId, brought: readonly Brought[]): Promise<void> {
  const paths = brought.filter(({ how }) => how === 'copied' || how === 'linked').map(({ path }) => path);
  const blobs = await hashFiles(there, paths);
  addDirty(
    there,
    id,
    new Map(paths.map((path, n) => [lstatSync(join(there.top, path)).isDirectory() ? `${path}/` : path, blobs[n] ?? null])),
  );
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

/** Where the policy, or the person, wants it, relative to the repository; or the first `<place>-<n>` that is free. */
function freePlace(repo: Repo, { policy, topic }: WorktreeRequest): string {
  const home = homeOf(repo);
  const place = placeAt(policy.place, { repo: basename(home).replace(/\.git$/, ''), topic });
  const whole = place.startsWith('~/') ? join(homedir(), place.slice(2)) : resolve(home, place);
  for (let n = 1; ; n++) {
    const path = n === 1 ? whole : `${whole}-${n}`;
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

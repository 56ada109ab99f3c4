/** Opens the repository that a command works in, or says why it cannot. */

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { locate } from './locate.ts';
import { gitEnv, type Repo } from './run.ts';
import { collect } from './spawn.ts';

/** The repository around `cwd`. Throws (exit 1) outside one, in a bare one, and where git is missing or too old. */
export async function openRepo(cwd = process.cwd()): Promise<Repo> {
  const found = locate(cwd);
  if (!found) throw await whyNot(cwd);
  const asked = await collect(
    'git',
    ['rev-parse', '--show-object-format', '--is-bare-repository', '--is-inside-git-dir', '--show-toplevel'],
    {
      cwd,
      env: { ...process.env, LC_ALL: 'C' },
    },
  );
  const [objectFormat, bare, inside, ...top] = asked.stdout.toString('utf8').split('\n');
  if (bare === 'true') throw BARE();
  if (inside === 'true' && !process.env.GIT_DIR) {
    throw stateError({ what: 'This is the inside of a .git directory.', next: 'Run the command in the working tree.' });
  }
  if (asked.code !== 0) throw await whyNot(cwd);
  const elsewhere = otherTop(found.top, top.join('\n').trimEnd());
  return {
    ...found,
    ...(elsewhere === null ? {} : { top: elsewhere }),
    cwd,
    explicit: elsewhere !== null || Boolean(process.env.GIT_DIR || process.env.GIT_WORK_TREE),
    objectFormat: objectFormat === 'sha256' ? 'sha256' : 'sha1',
    shallow: existsSync(join(found.commonDir, 'shallow')),
  };
}

/** The top that git names where it is another folder than was found: core.worktree can say so. Null where it is the same. */
function otherTop(found: string, named: string): string | null {
  try {
    const top = realpathSync(named);
    return top === found ? null : top;
  } catch {
    return null;
  }
}

/** The same repository seen from another of its worktrees. */
export function repoAt(repo: Repo, top: string): Repo {
  const found = locate(top, {});
  if (!found || found.commonDir !== repo.commonDir) throw stateError({ what: `${top} is not a worktree of this repository.` });
  return { ...repo, ...found, cwd: top, explicit: false };
}

const BARE = () =>
  stateError({
    what: 'This repository is bare: it has no working tree.',
    why: 'A session is worked on in a checkout, and log, list and verify read from one too.',
    next: 'Clone it (git clone <this path> ../work) and run the command there, or add a worktree: git worktree add ../work',
  });

async function whyNot(cwd: string) {
  const probe = await collect('git', ['rev-parse', '--is-bare-repository'], { cwd, env: gitEnv() });
  if (probe.code === null) {
    return stateError({ what: 'git was not found.', next: 'Install git 2.38 or later and put it on PATH.' });
  }
  if (probe.code === 0 && probe.stdout.toString('utf8').trim() === 'true') return BARE();
  if (/dubious ownership/.test(String(probe.stderr))) {
    return stateError({ what: 'git refuses this repository.', why: String(probe.stderr).split('\n')[0] });
  }
  return stateError({
    what: 'This is not a git repository.',
    why: 'A session is a branch, so it needs one.',
    next: 'Change into a repository, or make one with: git init',
  });
}

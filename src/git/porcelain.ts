/** Porcelain reads through simple-git. Everything that needs stdin, an exit code's meaning or a hook's index is in `run.ts`. */

import { readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type SimpleGit, simpleGit } from 'simple-git';
import { PLAIN_PATHSPECS } from '../core/pathspecs.ts';
import { realTop } from './main-top.ts';
import { asGitError, LOCAL, type Repo } from './run.ts';

/**
 * simple-git drops every inherited `GIT_*` unless it is named: named are all but those that bind git to another repository or
 * index, or have it read pathspecs in another way, so that `git -c` and GIT_CONFIG_GLOBAL reach it. `.env()` would throw on the same names.
 */
function door(repo: Repo): SimpleGit {
  const names = Object.keys(process.env).filter((name) => name.startsWith('GIT_') && !LOCAL.includes(name) && !(name in PLAIN_PATHSPECS));
  return simpleGit({
    baseDir: repo.top,
    config: ['core.quotePath=false'],
    allowEnvironment: names,
    unsafe: { allowUnsafeConfigPaths: repo.explicit },
  });
}

async function read(repo: Repo, args: string[]): Promise<string> {
  const at = repo.explicit ? [`--git-dir=${repo.gitDir}`, `--work-tree=${repo.top}`] : [];
  try {
    return await door(repo).raw([...at, '--no-replace-objects', '--no-optional-locks', '--literal-pathspecs', ...args]);
  } catch (error) {
    throw asGitError(args, error);
  }
}

export interface StatusRow {
  path: string;
  /** Porcelain letters: the index against HEAD, and the working tree against the index; `?` untracked, `U` unmerged, `.` same. */
  staged: string;
  unstaged: string;
  submodule: boolean;
}

/** Every path that differs from HEAD or the index, untracked files one by one, without rename detection; git's order. Worktrees of this repository are none. */
export async function readStatus(repo: Repo): Promise<StatusRow[]> {
  // With --branch there is always some output: simple-git waits 50 ms for more where a program said nothing.
  const out = await read(repo, [
    'status',
    '--porcelain=v2',
    '--branch',
    '--no-ahead-behind',
    '-z',
    '--no-renames',
    '--untracked-files=all',
  ]);
  return out.split('\0').flatMap((row): StatusRow[] => {
    const kind = row[0];
    if (kind === '?') {
      const path = row.slice(2);
      return isWorktree(repo, path) ? [] : [{ path, staged: '?', unstaged: '?', submodule: false }];
    }
    if (kind !== '1' && kind !== 'u') return [];
    // `1 XY sub mH mI mW hH hI path` and `u XY sub m1 m2 m3 mW h1 h2 h3 path`: the path is the rest, spaces included.
    const fields = row.split(' ');
    const [, xy = '..', sub = ''] = fields;
    const path = fields.slice(kind === '1' ? 8 : 10).join(' ');
    return [
      { path, staged: kind === 'u' ? 'U' : (xy[0] ?? '.'), unstaged: kind === 'u' ? 'U' : (xy[1] ?? '.'), submodule: sub[0] === 'S' },
    ];
  });
}

/** Where files are told one by one, a folder is a repository of its own, such as a worktree that a client made in the checkout. */
function isWorktree({ top, commonDir }: Repo, path: string): boolean {
  if (!path.endsWith('/')) return false;
  try {
    const link = readFileSync(join(top, path, '.git'), 'utf8').replace(/^gitdir: /, '');
    return resolve(top, path, link).startsWith(join(commonDir, 'worktrees', sep));
  } catch {
    return false;
  }
}

export interface WorktreeRow {
  path: string;
  /** Null where it is bare or was never born. */
  head: string | null;
  /** Short name, or null when detached. */
  branch: string | null;
  locked: boolean;
  /** Its folder is gone. */
  prunable: boolean;
}

/** git fails for a moment where another process is adding or removing a worktree: its files are not all there. Asked again then. */
async function listWhole(repo: Repo): Promise<string> {
  for (let tries = 0; ; tries++) {
    try {
      return await read(repo, ['worktree', 'list', '--porcelain', '-z']);
    } catch (error) {
      if (tries === 40 || !/failed to read .*worktrees/.test((error as Error).message)) throw error;
      await pause(25);
    }
  }
}

/** Every worktree of the repository, the main one first. */
export async function readWorktrees(repo: Repo): Promise<WorktreeRow[]> {
  const out = await listWhole(repo);
  const rows = out
    .split('\0\0')
    .filter(Boolean)
    .map((block) => {
      const lines = block.split('\0');
      const value = (key: string) => lines.find((row) => row.startsWith(`${key} `))?.slice(key.length + 1) ?? null;
      const has = (key: string) => lines.some((row) => row === key || row.startsWith(`${key} `));
      const branch = value('branch');
      const path = value('worktree') ?? '';
      return {
        path,
        head: value('HEAD'),
        branch: branch?.startsWith('refs/heads/') ? branch.slice('refs/heads/'.length) : null,
        locked: has('locked'),
        prunable: has('prunable'),
      };
    });
  return Promise.all(rows.map(async (row) => ({ ...row, path: await realTop(repo, row.path) })));
}

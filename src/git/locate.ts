/** Finds the repository and HEAD's branch by reading files: no process. Hot path: node built-ins only. */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

export interface Located {
  /** Top of the worktree. */
  top: string;
  /** This worktree's git dir. */
  gitDir: string;
  /** The git dir that all worktrees share. */
  commonDir: string;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/**
 * The repository that `cwd` lies in, honouring GIT_DIR, GIT_WORK_TREE and GIT_CEILING_DIRECTORIES; null outside one, and in a bare one.
 * A `.git` file ("gitdir: path") and `commondir` are followed as gitrepository-layout(5) says.
 */
export function locate(cwd: string, env: NodeJS.ProcessEnv = process.env): Located | null {
  let top: string | null = null;
  let gitDir: string | null = null;
  if (env.GIT_DIR) {
    gitDir = resolve(cwd, env.GIT_DIR);
    top = env.GIT_WORK_TREE ? resolve(cwd, env.GIT_WORK_TREE) : topOf(gitDir, cwd);
  } else {
    const ceilings = env.GIT_CEILING_DIRECTORIES ? realFolders(env.GIT_CEILING_DIRECTORIES) : null;
    for (let dir = resolve(cwd); ; dir = dirname(dir)) {
      gitDir = dotGit(dir);
      if (gitDir) {
        top = env.GIT_WORK_TREE ? resolve(cwd, env.GIT_WORK_TREE) : dir;
        break;
      }
      if (dir === dirname(dir) || ceilings?.has(dirname(dir))) return null;
    }
  }
  if (!top) return null;
  try {
    gitDir = realpathSync(gitDir);
    top = realpathSync(top);
  } catch {
    return null;
  }
  const common = read(join(gitDir, 'commondir'))?.trim();
  return { top, gitDir, commonDir: common ? realpathSync(resolve(gitDir, common)) : gitDir };
}

/** Folders above which a repository is not looked for, as git reads the list: absolute ones alone, behind their links. */
function realFolders(list: string): Set<string> {
  return new Set(
    list
      .split(delimiter)
      .filter((path) => isAbsolute(path))
      .map((path) => {
        try {
          return realpathSync(path);
        } catch {
          return resolve(path);
        }
      }),
  );
}

/** With GIT_DIR alone git takes the current folder as the top, except where a linked worktree's `gitdir` file says another. */
function topOf(gitDir: string, cwd: string): string {
  const back = read(join(gitDir, 'gitdir'))?.trim();
  return back ? dirname(resolve(gitDir, back)) : resolve(cwd);
}

function dotGit(dir: string): string | null {
  const path = join(dir, '.git');
  // Asking for existence throws nothing and makes no Stats: this is asked of every folder on the way up.
  if (existsSync(join(path, 'HEAD'))) return path;
  if (!existsSync(path)) return null;
  const target = /^gitdir: (.*)$/m.exec(read(path) ?? '')?.[1]?.trim();
  if (!target) return null;
  return isAbsolute(target) ? target : resolve(dir, target);
}

const BRANCH = 'ref: refs/heads/';

/**
 * What HEAD says: a branch (short name), a detached commit, or `unreadable` where only git can tell (reftable keeps `.invalid` there).
 */
export function readHead(gitDir: string): { branch: string } | { detached: string } | 'unreadable' {
  const head = read(join(gitDir, 'HEAD'))?.trim() ?? '';
  const branch = head.startsWith(BRANCH) ? head.slice(BRANCH.length) : '';
  if (branch === '.invalid') return 'unreadable';
  if (branch) return { branch };
  return /^[0-9a-f]{40,64}$/.test(head) ? { detached: head } : 'unreadable';
}

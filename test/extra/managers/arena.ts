/** A repository with a manager active, in each kind of checkout: alone, or with git-session in a session. */

import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run, TestRepo, tempDir } from '../../support/repo.ts';
import { PATH } from './installed.ts';
import type { Manager } from './managers.ts';
import type { Kind } from './spy.ts';

export const PLACES = ['main worktree', 'linked worktree', 'subdirectory', 'submodule'] as const;
export type Place = (typeof PLACES)[number];

export interface Arena {
  /** The folder that holds everything of it. */
  root: string;
  /** The branch that is worked on. */
  branch: string;
  /** The top of the checkout, and where commands run. */
  top: string;
  cwd: string;
}

/** The manager's files committed, and not yet active. */
export function prepared(root: string, manager: Manager, kinds: readonly Kind[]): TestRepo {
  const dir = join(root, 'repo');
  mkdirSync(dir);
  const repo = new TestRepo(dir);
  repo.git('init', '-q', '-b', 'main');
  const files = manager.files(kinds);
  for (const [path, text] of Object.entries({ ...files, '.gitignore': 'node_modules\n', 'src/a.txt': 'a\n', 'src/b.txt': 'b\n' }))
    repo.write(path, text);
  for (const path of Object.keys(files)) if (path.startsWith('tools/hooks/')) chmodSync(join(dir, path), 0o755);
  repo.git('add', '-A');
  repo.git('commit', '-q', '-m', 'first');
  return repo;
}

/** The repository as a submodule of another. */
function asSubmodule(root: string, repo: TestRepo): TestRepo {
  const above = new TestRepo(join(root, 'above'));
  mkdirSync(above.dir);
  above.git('init', '-q', '-b', 'main');
  above.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', repo.dir, 'lib');
  const lib = new TestRepo(join(above.dir, 'lib'));
  lib.git('remote', 'remove', 'origin');
  return lib;
}

/** `init`: what is added to it; undefined: the manager alone. */
export async function arena(manager: Manager, place: Place, kinds: readonly Kind[], init?: readonly string[]): Promise<Arena> {
  const root = tempDir();
  const first = prepared(root, manager, kinds);
  const repo = place === 'submodule' ? asSubmodule(root, first) : first;
  manager.install(repo.dir, kinds);
  if (init) {
    const args = ['init', '--yes', '--no-detect', '--no-agent', '--no-approver', ...init];
    await repo.ok(args, { env: { PATH } });
    expect((await repo.json(args, { env: { PATH } })).hooks).toBe('active');
    if (init.includes('--local')) expect(repo.git('status', '--porcelain', '-uall')).toBe('');
    await repo.ok(['start', 'auth-system'], { env: { PATH } });
  } else {
    repo.git('switch', '-q', '-c', 'work-alone');
    repo.git('commit', '-q', '--no-verify', '--allow-empty', '-m', 'session: start auth-system');
  }
  const branch = repo.git('branch', '--show-current');
  repo.git('init', '-q', '--bare', join(root, 'remote.git'));
  repo.git('remote', 'add', 'away', join(root, 'remote.git'));
  let top = repo.dir;
  if (place === 'linked worktree') {
    repo.git('switch', '-q', 'main');
    top = join(root, 'linked tree');
    // By plain git; where the manager alone needs more than that for a linked worktree, it gets it.
    await run('git', ['worktree', 'add', '-q', top, branch], { cwd: repo.dir, env: { PATH } });
    if (!init && existsSync(join(top, '.husky'))) manager.install(top, kinds);
  }
  return { root, branch, top, cwd: place === 'subdirectory' ? join(top, 'src') : top };
}

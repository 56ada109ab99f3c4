/** What a person does with an editor and with plain git, in the middle of everything. Git's own work is not in question: the model takes its answer. */

import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Outcome } from '../draw.ts';
import type { World } from '../world.ts';

export const PATHS = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts'];

export function edit(w: World, top: string): Outcome {
  const path = w.draw.pick(PATHS) ?? '';
  const { work } = w.model.at(top);
  if (!work.has(path) || w.draw.chance(0.85)) w.write(top, path);
  else {
    rmSync(join(top, path));
    work.delete(path);
    w.tell(top, `rm ${path}`);
  }
  return 'done';
}

export function stage(w: World, top: string): Outcome {
  const { at, work, staged } = w.model.at(top);
  const path = w.draw.pick(w.model.dirty(top).filter((one) => at.has(one) || work.has(one)));
  if (!path || !w.plain(top, 'add', '-A', '--', path)) return 'idle';
  const content = work.get(path);
  if (content === at.get(path)) staged.delete(path);
  else staged.set(path, content ?? null);
  return 'done';
}

/** A command of git that moves branches or files as it does; where git says no, it leaves what was there. */
function plain(w: World, top: string, ...args: string[]): Outcome {
  const worked = w.plain(top, ...args);
  w.takeFromGit();
  w.forgetDropped();
  return worked ? 'done' : 'refused';
}

export function commit(w: World, top: string): Outcome {
  const { head, work, at } = w.model.at(top);
  if (head === null) return 'idle';
  const mine = [...new Set([...work.keys(), ...at.keys()])].filter((path) => path.startsWith('src/'));
  if (w.draw.chance(0.7)) w.plain(top, 'add', '-A', '--', ...mine);
  return plain(w, top, 'commit', '-q', '--allow-empty', '-m', 'by hand');
}

export function amend(w: World, top: string): Outcome {
  // Policy begins where it began: another root of it is refused, as it should be.
  if (w.model.at(top).head === null || !w.git.knows(`${headOf(w, top)}~1:.sessionrc.yaml`)) return 'idle';
  const outcome = plain(w, top, 'commit', '-q', '--amend', '--no-edit', '--allow-empty');
  w.sessionsFromGit = true;
  return outcome;
}

export function stash(w: World, top: string): Outcome {
  const isKept = w.git.refs().has('refs/stash');
  if (isKept && w.model.dirty(top).length === 0) {
    const outcome = plain(w, top, 'stash', 'pop', '-q', '--index');
    // A conflict leaves the stash where it is, and the tree to be cleared up.
    return outcome === 'done' ? outcome : plain(w, top, 'reset', '-q', '--hard');
  }
  if (isKept || w.model.dirty(top).length === 0) return 'idle';
  return plain(w, top, 'stash', 'push', '-q', '--include-untracked', '--', 'src');
}

/** Main, or what a session has behind its start, one commit back. */
export function reset(w: World, top: string): Outcome {
  const here = w.model.sessionAt(top);
  if (w.model.at(top).head === null || w.model.dirty(top).length > 0) return 'idle';
  const parent = `${headOf(w, top)}~1`;
  // Neither the beginning of policy nor that of a session goes.
  const needed = here ? `${parent}:sessions/${here[0]}/metadata.json` : `${parent}:.sessionrc.yaml`;
  if (!w.git.knows(needed)) return 'idle';
  const outcome = plain(w, top, 'reset', '-q', '--hard', w.git.ask(w.repo.dir, 'rev-parse', parent));
  w.sessionsFromGit = true;
  return outcome;
}

const headOf = (w: World, top: string) => w.git.ask(top, 'rev-parse', 'HEAD');

export const mergeMain = (w: World, top: string) => bringMain(w, top, 'merge', '-q', '--no-edit', 'main');
export const rebase = (w: World, top: string) => bringMain(w, top, 'rebase', '-q', 'main');

function bringMain(w: World, top: string, ...args: string[]): Outcome {
  if (!w.model.sessionAt(top)) return 'idle';
  if (w.model.dirty(top).length > 0) {
    plain(w, top, 'add', '-A');
    plain(w, top, 'commit', '-q', '-m', 'before main comes in');
  }
  const outcome = plain(w, top, ...args);
  if (outcome === 'refused') plain(w, top, args[0] ?? '', '--abort');
  // Main may hold the session itself, where its branch of before stands again.
  w.sessionsFromGit = true;
  return outcome;
}

/** A landing, or another commit of main, is taken back in the open. */
export function revert(w: World, top: string): Outcome {
  if (w.model.at(top).head !== 'main' || w.model.dirty(top).length > 0) return 'idle';
  const head = headOf(w, top);
  const isMerge = w.git.knows(`${head}^2`);
  if (!isMerge && (w.draw.chance(0.5) || !w.git.knows(`${head}~1:.sessionrc.yaml`))) return 'idle';
  const outcome = plain(w, top, 'revert', '--no-edit', ...(isMerge ? ['-m', '1'] : []), 'HEAD');
  // In the middle of a conflict, or with nothing left to commit.
  if (outcome === 'refused') {
    plain(w, top, 'reset', '-q', '--hard');
    plain(w, top, 'revert', '--quit');
  }
  w.sessionsFromGit = true;
  return outcome;
}

export function switchByGit(w: World, top: string): Outcome {
  const branch = w.draw.chance(0.4) ? 'main' : w.draw.pick([...w.model.branches.keys()]);
  return branch && branch !== w.model.at(top).head ? plain(w, top, 'switch', '-q', branch) : 'idle';
}

/** A session's branch under a name that is no session's, and back again. */
export function rename(w: World): Outcome {
  const away = w.draw.pick([...w.model.branches.keys()].filter((name) => name.startsWith('mine/')));
  const here = w.draw.pick(w.model.sessionsIn('active').filter(([, { branch }]) => w.model.branches.has(branch)));
  const from = away ?? here?.[1].branch;
  if (!from) return 'idle';
  const to = away ? away.replace('mine/', 'session/') : from.replace('session/', 'mine/');
  const outcome = plain(w, w.repo.dir, 'branch', '-m', from, to);
  w.takenAway.add(from);
  w.sessionsFromGit = true;
  return outcome;
}

export function deleteBranch(w: World): Outcome {
  const busy = w.model.heads();
  const branch = w.draw.pick([...w.model.branches.keys()].filter((name) => name.startsWith('session/') && !busy.has(name)));
  if (!branch) return 'idle';
  const outcome = plain(w, w.repo.dir, 'branch', '-q', '-D', branch);
  w.takenAway.add(branch);
  w.sessionsFromGit = true;
  return outcome;
}

export function addWorktree(w: World): Outcome {
  if (w.model.checkouts.size > 2) return 'idle';
  const busy = w.model.heads();
  const branch = w.draw.pick([...w.model.branches.keys()].filter((name) => !busy.has(name)));
  if (!branch) return 'idle';
  return plain(w, w.repo.dir, 'worktree', 'add', '-q', join(dirname(w.repo.dir), `beside-${w.draw.next()}`), branch);
}

export function removeWorktree(w: World, top: string): Outcome {
  if (top === w.repo.dir) return 'idle';
  const clean = w.model.dirty(top).length === 0;
  const outcome = plain(w, w.repo.dir, 'worktree', 'remove', top);
  if (outcome === 'done' && !clean) throw new Error('git has removed a dirty worktree');
  if (existsSync(top) !== (outcome === 'refused')) throw new Error(`git said ${outcome} of removing ${top}`);
  return outcome;
}

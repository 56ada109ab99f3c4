/** How sessions end: prepared, sent back, landed. */

import { expect } from 'vitest';
import type { Outcome } from '../draw.ts';
import { merge } from '../files.ts';
import type { World } from '../world.ts';
import { committed } from './agent.ts';
import type { Attempt } from './attempt.ts';

export function planPrepare(w: World, top: string): Attempt | null {
  const [id] = w.model.sessionAt(top) ?? [];
  if (!id) return null;
  return {
    argv: ['closeout', id, '--prepare'],
    settle(ran) {
      broughtIn(w, top, id);
      if (ran.code !== 0) return 'refused';
      w.model.act('prepare', id, () => {});
      return 'done';
    },
    wasDone: () => false,
  };
}

export async function reject(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  if (!id) return 'idle';
  await w.must(top, ['reject', '--reason', 'src/a.ts:1: not yet']);
  return 'done';
}

export function planCloseout(w: World, top: string): Attempt | null {
  const { model } = w;
  const [id, session] = model.sessionAt(top) ?? [];
  if (!id || !session || !model.branches.has(session.base)) return null;
  const fork = w.fork(session.base, session.branch);
  const base = model.filesOf(session.base);
  const would = merge(fork, model.filesOf(session.branch), base);
  const clean = model.isClean();
  const landed = () => {
    const merged = merge(fork, model.filesOf(session.branch), base);
    if (!merged) throw new Error('a conflict has landed');
    const change = () => {
      model.branches.set(session.base, merged);
      model.branches.delete(session.branch);
      session.state = 'closed';
    };
    model.act('closeout', id, change);
    expect(session.base !== 'main' || w.hasLanded(id), `${id} is on main`).toBe(true);
    w.followHeads();
    const left = w.git.tips().get(session.branch);
    if (left) model.branches.set(session.branch, w.git.inCommit(left));
  };
  return {
    argv: ['closeout', id, '--yes'],
    settle(ran) {
      broughtIn(w, top, id);
      if (ran.code === 0) {
        landed();
        return 'done';
      }
      expect(!would || !clean, ran.said).toBe(true);
      return 'refused';
    },
    wasDone() {
      if (!w.git.refs().has(`refs/tags/backup/${id}`)) return false;
      broughtIn(w, top, id);
      landed();
      return true;
    },
  };
}

/** A closeout first brings in what agents edited and no checkpoint has, as it lies in the folder. */
function broughtIn(w: World, top: string, id: string): void {
  const { work, at } = w.model.at(top);
  const dirty = [...new Set([...work.keys(), ...at.keys()])].filter((path) => work.get(path) !== at.get(path));
  committed(w, top, id, dirty);
}

/** Two clones that work on the same sessions: pushed by plain git, brought together by `git session sync`. */

import { expect } from 'vitest';
import type { Outcome } from '../draw.ts';
import { type Files, merge } from '../files.ts';
import type { Memory } from '../model.ts';
import type { World } from '../world.ts';
import { committed } from './agent.ts';

/** What the remote has of a session: what was pushed last. */
interface Pushed {
  files: Files;
  memory: Memory;
  base: string;
}

export type Remote = Map<string, Pushed>;

/** The records go into the branch with a checkpoint, and the branch to the remote. */
export const push =
  (remote: Remote) =>
  async (w: World, top: string): Promise<Outcome> => {
    const [id, session] = w.model.sessionAt(top) ?? [];
    if (!id || !session) return 'idle';
    await w.must(top, ['hooks', 'post-task', '--task-id', `p${w.draw.next()}`, '--description', 'Hand over', '--wait']);
    committed(w, top, id, []);
    // Git says no where the other clone was first; it is never forced.
    if (!w.plain(top, 'push', '-q', 'origin', session.branch)) return 'refused';
    remote.set(id, { files: w.model.filesOf(session.branch), memory: new Map(w.model.memoryOf(id)), base: session.base });
    return 'done';
  };

/** Files merge as git merges them, and no telling of either side is lost: of each key the later one counts. */
export const sync =
  (remote: Remote) =>
  async (w: World, top: string): Promise<Outcome> => {
    const { model } = w;
    const [id, pushed] = w.draw.pick([...remote]) ?? [];
    if (!id || !pushed) return 'idle';
    const branch = id.replace('session-', 'session/');
    const isKnown = model.branches.has(branch);
    w.plain(top, 'fetch', '-q', 'origin');
    const fork = isKnown ? w.fork(branch, `refs/remotes/origin/${branch}`) : new Map();
    const merged = isKnown ? merge(fork, model.filesOf(branch), pushed.files) : pushed.files;
    const holder = [...model.checkouts].find(([, { head }]) => head === branch)?.[0];
    const ran = await w.cli(top, ['sync', id]);
    if (ran.code !== 0) {
      expect(!merged || (holder && !model.fits(holder, merged)), ran.said).toBe(true);
      return 'refused';
    }
    if (!merged) throw new Error('a conflict was brought together');
    model.branches.set(branch, merged);
    if (!isKnown) model.sessions.set(id, { branch, base: pushed.base, state: 'active' });
    model.memories.set(id, joined(model.memoryOf(id), pushed.memory));
    if (holder) model.go(holder, branch, merged);
    return 'done';
  };

function joined(ours: Memory, theirs: Memory): Memory {
  const all: Memory = new Map(ours);
  for (const [key, told] of theirs) if (told.n > (all.get(key)?.n ?? -1)) all.set(key, told);
  return all;
}

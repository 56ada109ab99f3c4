/** What a session lives through: start, switch, abandon and restore. */

import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Outcome } from '../draw.ts';
import type { World } from '../world.ts';
import type { Attempt } from './attempt.ts';

const WORKTREES = 3;
const ACTIVE = 6;

/** Where a session would start from, and whether one may: main, or what the session here started from. */
function baseAt(w: World, top: string): string | null {
  const { head } = w.model.at(top);
  if (head === null || head.startsWith('mine/') || head.startsWith('worktree-agent-')) return null;
  if (w.model.sessionsIn('active').length >= ACTIVE) return null;
  const base = [...w.model.sessions.values()].find(({ branch }) => branch === head)?.base;
  return base ?? (head.startsWith('session/') ? null : head);
}

export async function start(w: World, top: string): Promise<Outcome> {
  const { model } = w;
  const base = baseAt(w, top);
  if (base === null) return 'idle';
  const topic = `walk-${w.draw.next()}`;
  const linked = w.draw.chance(0.2) && model.checkouts.size < WORKTREES;
  const place = linked ? ['--worktree', join(dirname(w.repo.dir), topic)] : [];
  const files = model.filesOf(base);
  const ran = await w.cli(top, ['start', topic, ...place]);
  if (ran.code !== 0) {
    expect(!linked && (!model.fits(top, files) || model.isBusy(top)), ran.said).toBe(true);
    return 'refused';
  }
  const { id, branch } = ran.facts.session;
  started(w, id, branch, base);
  if (linked) model.checkouts.set(ran.facts.linked_worktree, { head: branch, at: files, work: new Map(files), staged: new Map() });
  else model.go(top, branch, files);
  return 'done';
}

export function started(w: World, id: string, branch: string, base: string, maybe = false): void {
  const { model } = w;
  const change = () => {
    model.branches.set(branch, model.filesOf(base));
    model.sessions.set(id, { branch, base, state: 'active' });
  };
  model.act('start', id, change, { maybe });
}

/** A closed session goes on in a new one. */
export async function goOn(w: World, top: string): Promise<Outcome> {
  const { model } = w;
  const [from] = w.draw.pick(model.sessionsIn('closed').filter(([id]) => !w.unlanded.has(id))) ?? [];
  const base = baseAt(w, top);
  if (!from || base === null) return 'idle';
  const ran = await w.cli(top, ['restore', from, '--continue', `on-${w.draw.next()}`]);
  if (ran.code !== 0) {
    expect(model.fits(top, model.filesOf(base)) && !model.isBusy(top), ran.said).toBe(false);
    return 'refused';
  }
  const { id, branch } = ran.facts.started.session;
  started(w, id, branch, base);
  model.go(top, branch, model.filesOf(base));
  return 'done';
}

export function planSwitch(w: World, top: string): Attempt | null {
  const { model } = w;
  const others = new Set([...model.checkouts].filter(([one]) => one !== top).map(([, { head }]) => head));
  const target = w.draw.pick(model.sessionsIn('active').filter(([, { branch }]) => !others.has(branch) && model.branches.has(branch)));
  if (!target) return null;
  const [id, { branch }] = target;
  const files = model.filesOf(branch);
  const moves = model.at(top).head !== branch;
  const done = () => {
    if (moves) model.act('switch', id, () => {});
    model.go(top, branch, files);
  };
  return {
    argv: ['switch', id],
    settle(ran) {
      if (ran.code === 0) {
        done();
        return 'done';
      }
      expect(moves && (!model.fits(top, files) || model.isBusy(top)), ran.said).toBe(true);
      return 'refused';
    },
    wasDone: () => false,
  };
}

export function planAbandon(w: World, top: string): Attempt | null {
  const { model } = w;
  const here = model.sessionAt(top);
  const [id, session] = (here && w.draw.chance(0.6) ? here : w.draw.pick([...model.sessions])) ?? [];
  if (!id || !session) return null;
  const holder = [...model.checkouts].find(([, { head }]) => head === session.branch)?.[0];
  const isFree = holder === undefined || (model.fits(holder, model.filesOf(session.base)) && !model.isBusy(holder));
  const done = () => {
    const change = () => {
      session.state = 'abandoned';
      model.branches.delete(session.branch);
    };
    model.act('abandon', id, change);
    w.followHeads();
  };
  return {
    argv: ['abandon', id],
    settle(ran) {
      if (ran.code === 0) {
        done();
        return 'done';
      }
      expect(session.state !== 'active' || !isFree || !model.branches.has(session.base), ran.said).toBe(true);
      return 'refused';
    },
    wasDone() {
      const is = session.state === 'active' && !w.git.tips().has(session.branch);
      if (is) done();
      return is;
    },
  };
}

export function planRestore(w: World): Attempt | null {
  const { model } = w;
  const [id, session] = w.draw.pick(model.sessionsIn('abandoned')) ?? [];
  if (!id || !session) return null;
  const done = () => {
    const tip = w.git.tips().get(session.branch);
    expect(tip, `${session.branch} stands again`).toBeDefined();
    const change = () => {
      session.state = 'active';
      model.branches.set(session.branch, w.git.inCommit(tip ?? ''));
    };
    model.act('restore', id, change);
  };
  return {
    argv: ['restore', id],
    settle(ran) {
      if (ran.code === 0) {
        done();
        return 'done';
      }
      // Plain git has checked its branch out somewhere.
      expect(model.heads().has(session.branch), ran.said).toBe(true);
      return 'refused';
    },
    wasDone() {
      const is = w.git.tips().has(session.branch);
      if (is) done();
      return is;
    },
  };
}

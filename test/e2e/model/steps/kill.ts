/** Commands that are killed with `kill -9` somewhere in the middle. What then is so is what was before, or what the command makes; the next run of it says which, or goes on. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { memoryIn } from '../checks.ts';
import type { Outcome } from '../draw.ts';
import { onDisk } from '../git.ts';
import type { World } from '../world.ts';
import { taskEnded } from './agent.ts';
import type { Plan } from './attempt.ts';
import { planCloseout, planPrepare } from './closing.ts';
import { planAbandon, planRestore, planSwitch, started } from './session.ts';
import { reversed, type UndoFacts, undoOf } from './undo.ts';

/** How many things each does to disk, or starts a git for, about so: where it may be killed. */
const PLACES = { store: 2, restore: 11, switch: 14, abandon: 20, undo: 40, start: 45, task: 50, prepare: 80, closeout: 180 };

const PRELOAD = join(import.meta.dirname, '..', 'kill-at.cjs');

/** Runs the built command line and kills it at a place that the seed draws; null: it was over before. */
async function killed(w: World, top: string, argv: string[], places: number) {
  const at = 1 + w.draw.below(places);
  w.tell(top, `killed before act ${at} of:`);
  const env = { KILL_AT: String(at), NODE_OPTIONS: `--require=${PRELOAD}` };
  const ran = await w.cli(top, argv, { env });
  if (ran.code !== 128) return ran;
  await untilQuiet(w);
  for (const [one, { work }] of w.model.checkouts) {
    if (!existsSync(one)) expect(w.model.dirty(one), 'uncommitted, and gone with its worktree').toEqual([]);
    else {
      const disk = onDisk(one);
      for (const path of w.model.dirty(one))
        if (work.has(path)) expect(disk.get(path), `${path} as it was left in ${one}`).toBe(work.get(path));
    }
  }
  return null;
}

/** A git that it had started may still be at work; it holds a lock while it is. */
async function untilQuiet(w: World): Promise<void> {
  for (let n = 0; n < 200; n++) {
    const tops = [...w.model.checkouts.keys()].filter((top) => existsSync(top));
    const locks = tops.map((top) => join(w.git.ask(top, 'rev-parse', '--absolute-git-dir'), 'index.lock'));
    if (!locks.some((lock) => existsSync(lock))) return;
    await pause(5);
  }
}

/** A command that can be run again. */
const again =
  (name: string, plan: Plan, places: number) =>
  async (w: World, top: string): Promise<Outcome> => {
    const attempt = plan(w, top);
    if (!attempt) return 'idle';
    const session = attempt.argv[1] ?? '';
    const ran = await killed(w, top, attempt.argv, places);
    if (ran) return finished(attempt.settle(ran));
    w.noteKilled(name, session);
    const next = await w.cli(existsSync(top) ? top : w.repo.dir, attempt.argv);
    if (next.code !== 0 && attempt.wasDone()) return 'done';
    attempt.settle(next);
    return 'done';
  };

/** It was over before it could be killed: no kill. */
const finished = (_: Outcome): Outcome => 'refused';

async function killedStart(w: World, top: string): Promise<Outcome> {
  const { model } = w;
  const { head } = model.at(top);
  if (head !== 'main' || model.sessionsIn('active').length >= 6) return 'idle';
  const topic = `killed-${w.draw.next()}`;
  const ran = await killed(w, top, ['start', topic], PLACES.start);
  w.noteKilled('start', '');
  const branch = [...w.git.tips().keys()].find((name) => name.startsWith('session/') && name.endsWith(`-${topic}`));
  if (branch) {
    started(w, branch.replace('session/', 'session-'), branch, head, ran === null);
    w.followHeads();
  }
  return ran === null ? 'done' : 'refused';
}

async function killedTaskEnd(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  const task = w.draw.pick(w.model.tasksOf(id ?? ''));
  if (!id || !task) return 'idle';
  const argv = ['hooks', 'post-task', '--task-id', task, '--wait'];
  const ran = await killed(w, top, argv, PLACES.task);
  taskEnded(w, top, id, task, ran ?? (await w.must(top, argv)));
  return ran === null ? 'done' : 'refused';
}

async function killedStore(w: World, top: string): Promise<Outcome> {
  const [id, session] = w.model.sessionAt(top) ?? [];
  if (!id || !session) return 'idle';
  const [key, value] = [`swarm/${w.draw.below(5)}`, w.draw.fresh().trim()];
  const ran = await killed(w, top, ['memory', 'store', key, value], PLACES.store);
  const told = w.model.memoryOf(id);
  const known = memoryIn(w, id, w.git.tips().get(session.branch) ?? '').get(key) ?? null;
  expect([value, ran ? value : (told.get(key)?.value ?? null)], `${key} is the new value or the one before`).toContain(known);
  if (known === value) told.set(key, { value, n: w.draw.next() });
  return ran === null ? 'done' : 'refused';
}

const killedUndo =
  (redone: boolean) =>
  async (w: World, top: string): Promise<Outcome> => {
    if (!w.model.acts.some(({ undone }) => undone > 0 === redone)) return 'idle';
    const argv = undoOf(redone);
    const look = async (): Promise<UndoFacts | null> => (await w.cli(top, [...argv, '--dry-run'])).facts;
    const facts = await look();
    if (!facts || facts.files.length > 0) return 'idle';
    const ran = await killed(w, top, argv, PLACES.undo);
    if (ran) {
      if (ran.code === 0) reversed(w, top, ran.facts, redone);
      return 'refused';
    }
    w.noteKilled(facts.act, facts.session);
    // Once it has been done, what would be taken back next is another act.
    const next = await look();
    if (next?.at === facts.at && next.session === facts.session) await w.must(top, argv);
    reversed(w, top, facts, redone);
    return 'done';
  };

export const KILLS = {
  start: killedStart,
  switch: again('switch', planSwitch, PLACES.switch),
  abandon: again('abandon', planAbandon, PLACES.abandon),
  restore: again('restore', planRestore, PLACES.restore),
  closeout: again('closeout', planCloseout, PLACES.closeout),
  prepare: again('prepare', planPrepare, PLACES.prepare),
  task: killedTaskEnd,
  store: killedStore,
  undo: killedUndo(false),
  redo: killedUndo(true),
};

/** Acts taken back, and done again: what each changed is as it was, and what came of it otherwise (memory, a person's files) stays. */

import { expect } from 'vitest';
import type { Outcome } from '../draw.ts';
import { onDisk } from '../git.ts';
import type { Act } from '../model.ts';
import type { World } from '../world.ts';

interface Move {
  ref: string;
  from: string | null;
  to: string | null;
}

/** What `undo --json` says. */
export interface UndoFacts {
  act: string;
  session: string;
  at: string;
  refs: Move[];
  files: { from: string; to: string }[];
}

export const undo = (w: World, top: string) => takeBack(w, top, false);
export const redo = (w: World, top: string) => takeBack(w, top, true);

async function takeBack(w: World, top: string, redone: boolean): Promise<Outcome> {
  if (!w.model.acts.some(({ undone }) => undone > 0 === redone)) return 'idle';
  const ran = await w.cli(top, undoOf(redone));
  if (ran.code !== 0) return 'refused';
  reversed(w, top, ran.facts, redone);
  // Once something else was done, it cannot be done again.
  if (!redone && w.draw.chance(0.4)) w.following = { steps: [...(w.draw.chance(0.5) ? ['killed redo'] : []), 'undo --redo'], top };
  return 'done';
}

export const undoOf = (redone: boolean) => ['undo', '--yes', ...(redone ? ['--redo'] : [])];

/** The model follows an undo that said so. */
export function reversed(w: World, top: string, facts: UndoFacts, redone: boolean): void {
  const { model } = w;
  const { act, session, files } = facts;
  w.tell(top, `  ${redone ? 'redone' : 'undone'}: ${act} of ${session}`);
  if (files.length > 0) {
    filesMovedBack(w, top, facts);
    return;
  }
  const found = actsOf(w, facts, redone);
  for (const one of found) model.reverse(one);
  if (!found.some(({ commit }) => commit !== null)) w.followHeads();
  for (const checkout of model.checkouts.values()) if (checkout.head !== null) checkout.at = model.filesOf(checkout.head);
}

/** The act of the model that it was, or the commits that one drain had made of several requests, in the order of their going. */
function actsOf(w: World, { act, session, refs }: UndoFacts, redone: boolean): Act[] {
  const { model } = w;
  const [move] = refs.filter(({ ref, from, to }) => ref.startsWith('refs/heads/') && from !== null && to !== null);
  const range = move ? (redone ? ['--reverse', `${move.from}..${move.to}`] : [`${move.to}..${move.from}`]) : null;
  const commits = range ? w.git.ask(w.repo.dir, 'rev-list', '--first-parent', ...range).split('\n') : [];
  const isOf = (commit: string) => model.acts.filter((one) => one.commit === commit && one.undone > 0 === redone);
  const checkpoints = commits.flatMap(isOf);
  if (act === 'checkpoint' || (redone && checkpoints.length > 0))
    return checkpoints.length > 0 || redone ? checkpoints : unknown(w, act, session, commits);
  const [found] = model.standing(session, redone ? null : act, redone);
  return found ? [found] : redone ? [] : unknown(w, act, session, []);
}

/** A review that a closeout began, a checkpoint of records alone, and what a kill left: they change nothing that the model knows. */
function unknown(w: World, act: string, session: string, commits: readonly string[]): Act[] {
  const isOne = w.killedAt(act, session) || act === 'checkpoint' || act === 'prepare';
  expect(isOne, `undone, and never done: ${act} of ${session}`).toBe(true);
  w.model.act(act, session, () => {}, { commit: commits[0] ?? null });
  return w.model.acts.slice(-1);
}

function filesMovedBack(w: World, top: string, { files }: UndoFacts): void {
  const { work, at: before } = w.model.at(top);
  for (const { from, to } of files) {
    work.set(to, work.get(from) ?? '');
    work.delete(from);
  }
  expect([...onDisk(top)].sort(), 'the files moved back, and no other').toEqual([...work].sort());
  w.takeFromGit();
  const touched = new Set(files.flatMap(({ from, to }) => [from, to]));
  for (const [path, content] of w.model.at(top).at) if (!touched.has(path)) expect(content, path).toBe(before.get(path));
}

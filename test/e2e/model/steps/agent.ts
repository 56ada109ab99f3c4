/** What agents do in a session: files, tasks, memory, patterns, and files that lie in the wrong place. */

import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { TestRepo } from '../../../support/repo.ts';
import type { Outcome } from '../draw.ts';
import { merge } from '../files.ts';
import type { CliRun, World } from '../world.ts';
import { PATHS } from './person.ts';

/** An agent writes a file, an artifact now and then, and its client says so. */
export async function agentEdit(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  if (!id || w.model.tasksOf(id).length > 1) return 'idle';
  const note = `sessions/${id}/artifacts/notes/${w.draw.pick(['plan', 'debt', 'why'])}.md`;
  const path = w.draw.chance(0.35) ? note : (w.draw.pick(PATHS) ?? '');
  w.write(top, path);
  const task = `t${w.draw.next()}`;
  await w.must(top, ['hooks', 'post-edit', '--file', path, '--task-id', task]);
  w.model.tasks.set(task, { session: id, path, text: w.model.at(top).work.get(path) ?? '', committed: false });
  return 'done';
}

/** A task ends, whatever a person has done to its file meanwhile. */
export async function taskEnd(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  const task = w.draw.pick(w.model.tasksOf(id ?? ''));
  if (!id || !task) return 'idle';
  const ran = await w.must(top, ['hooks', 'post-task', '--task-id', task, '--wait']);
  return taskEnded(w, top, id, task, ran);
}

/** The file of a task is committed as it lies there, or it is said why it is not. */
export function taskEnded(w: World, top: string, id: string, task: string, { facts, said }: CliRun): Outcome {
  const { model } = w;
  const { path = '', committed: wasCommitted } = model.tasks.get(task) ?? {};
  // Held for somebody, or in another task's commit already.
  const told = [...facts.held, ...facts.shared].map((row: { path: string }) => row.path);
  // An edit that named no task may have been taken for one of this.
  committed(w, top, id, [path, ...model.editsOf(id)]);
  const { at, work } = model.at(top);
  const took = at.get(path) === work.get(path);
  model.tasks.delete(task);
  // What another task has edited as well is committed once, with the last of them.
  const isShared = model.tasksOf(id).some((other) => model.tasks.get(other)?.path === path);
  expect(took || wasCommitted || isShared || told.includes(path) || !work.has(path), `${path} is committed, or held: ${said}`).toBe(true);
  return took ? 'done' : 'refused';
}

/** What the tool has committed on the branch of a checkout since the model looked: these paths as they lie there and no other, a checkpoint each. */
export function committed(w: World, top: string, id: string, paths: readonly string[]): void {
  const { model } = w;
  const branch = model.sessions.get(id)?.branch ?? '';
  const refs = w.git.refs();
  // Where it has landed meanwhile, the seal is the last of them.
  const tip = refs.get(`refs/heads/${branch}`)?.commit ?? refs.get(`refs/tags/backup/${id}`)?.commit;
  const known = w.tips.get(branch);
  if (!tip || !known || tip === known) return;
  for (const commit of w.git.ask(w.repo.dir, 'rev-list', '--reverse', '--first-parent', `${known}..${tip}`).split('\n')) {
    const files = w.git.inCommit(commit);
    const before = model.filesOf(branch);
    for (const path of new Set([...files.keys(), ...before.keys()])) {
      if (files.get(path) === before.get(path)) continue;
      expect(paths, `${path} in ${commit}`).toContain(path);
      expect(files.get(path), `${path} as it lies there`).toBe(model.at(top).work.get(path));
    }
    model.act('checkpoint', id, () => model.commit(top, files), { commit });
  }
}

/** An edit that is told of no task, and waits for the closeout. */
export async function editAlone(w: World, top: string): Promise<Outcome> {
  const { work } = w.model.at(top);
  const path = w.draw.pick(w.model.dirty(top).filter((one) => work.has(one)));
  const [id] = w.model.sessionAt(top) ?? [];
  if (!id || !path) return 'idle';
  await w.must(top, ['hooks', 'post-edit', '--file', path]);
  w.model.editsOf(id).add(path);
  return 'done';
}

export async function remember(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  if (!id) return 'idle';
  const [key, value] = [`swarm/${w.draw.below(5)}`, w.draw.fresh().trim()];
  await w.must(top, ['memory', 'store', key, value]);
  w.model.memoryOf(id).set(key, { value, n: w.draw.next() });
  return 'done';
}

export async function forget(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  const key = w.draw.pick([...w.model.memoryOf(id ?? '')].filter(([, { value }]) => value !== null))?.[0];
  if (!id || !key) return 'idle';
  await w.must(top, ['memory', 'delete', key]);
  w.model.memoryOf(id).set(key, { value: null, n: w.draw.next() });
  return 'done';
}

/** One key, asked for as an agent does. */
export async function recall(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  const [key, told] = w.draw.pick([...w.model.memoryOf(id ?? '')]) ?? [];
  if (!key) return 'idle';
  const ran = await w.cli(top, ['memory', 'get', key]);
  expect(ran.code === 0 ? ran.facts.value : null, `${key} of ${id}`).toBe(told?.value ?? null);
  return 'done';
}

/** All keys, as a person looks at them. */
export async function recallAll(w: World, top: string): Promise<Outcome> {
  const [id] = w.model.sessionAt(top) ?? [];
  if (!id) return 'idle';
  const { facts } = await w.must(top, ['memory', 'list', '--namespace', 'coordination', '--limit', '1000']);
  const told = [...w.model.memoryOf(id)].flatMap(([key, { value }]) => (value === null ? [] : [[key, value]]));
  expect(facts.entries.map(({ key, value }: { key: string; value: string }) => [key, value]).sort(), id).toEqual(told.sort());
  return 'done';
}

export async function learn(w: World, top: string): Promise<Outcome> {
  if (!w.model.sessionAt(top)) return 'idle';
  const title = `Way ${w.draw.next()}`;
  const { facts } = await w.must(top, ['pattern', 'record', '--title', title, '--approach', `Do it the ${title} way`]);
  expect((await w.must(top, ['memory', 'get', `reasoning-bank/${facts.key}`])).said, title).toContain(title);
  return 'done';
}

/** A file that an agent put at the root. */
export async function adopt(w: World, top: string): Promise<Outcome> {
  const here = w.model.sessionAt(top);
  if (!here) return 'idle';
  const path = `stray-${w.draw.next()}.md`;
  w.write(top, path);
  const ran = await w.must(top, ['adopt', path]);
  moved(w, top, here[0], 'adopt', ran.facts.moves);
  return 'done';
}

export async function promote(w: World, top: string): Promise<Outcome> {
  const here = w.model.sessionAt(top);
  if (!here) return 'idle';
  const home = `sessions/${here[0]}/artifacts/`;
  const path = w.draw.pick([...w.model.at(top).work.keys()].filter((one) => one.startsWith(home)));
  if (!path) return 'idle';
  const ran = await w.cli(top, ['promote', path.slice(home.length), 'src/']);
  // Its place may be taken, by an older one of its name.
  if (ran.code !== 0) return 'refused';
  moved(w, top, here[0], 'promote', ran.facts.moves);
  return 'done';
}

/** Files are where they were said to go; the branch follows where it was committed. */
function moved(w: World, top: string, id: string, name: string, moves: readonly { from: string; to: string }[]): void {
  const { model } = w;
  const checkout = model.at(top);
  for (const { from, to } of moves) {
    checkout.work.set(to, checkout.work.get(from) ?? '');
    checkout.work.delete(from);
    const staged = checkout.staged.get(from);
    if (staged === undefined) continue;
    checkout.staged.delete(from);
    if (checkout.at.has(from)) checkout.staged.set(from, null);
    // As it was staged, whatever was written since.
    if (staged !== null) checkout.staged.set(to, staged);
  }
  const files = w.git.inCommit(w.git.ask(top, 'rev-parse', 'HEAD'));
  const touched = new Set(moves.flatMap(({ from, to }) => [from, to]));
  for (const path of new Set([...files.keys(), ...checkout.at.keys()]))
    if (!touched.has(path)) expect(files.get(path), `${path} has no part in it`).toBe(checkout.at.get(path));
    else expect([checkout.work.get(path), checkout.at.get(path)], `${path} as it lies there, or as it was`).toContain(files.get(path));
  model.act(name, id, () => model.commit(top, files));
}

/** A client made a worktree and a branch for a subagent, which worked there. */
export async function bringIn(w: World, top: string): Promise<Outcome> {
  const { model } = w;
  const [, session] = model.sessionAt(top) ?? [];
  if (!session) return 'idle';
  const name = `worktree-agent-${w.draw.next()}`;
  const place = join(dirname(w.repo.dir), name);
  const fork = model.filesOf(session.branch);
  w.plain(w.repo.dir, 'worktree', 'add', '-q', '-b', name, place, session.branch);
  const path = w.draw.pick(['src/a.ts', 'src/e.ts']) ?? '';
  const text = w.draw.fresh();
  new TestRepo(place).write(path, text);
  w.plain(place, 'add', path);
  w.plain(place, 'commit', '-q', '-m', 'by a subagent');
  w.plain(w.repo.dir, 'worktree', 'remove', place);
  const theirs = new Map([...fork, [path, text]]);
  model.branches.set(name, theirs);
  const ran = await w.cli(top, ['bring-in', name]);
  const files = merge(fork, model.filesOf(session.branch), theirs);
  if (ran.code !== 0) {
    expect(model.dirty(top), `${path} was in nobody's way`).toContain(path);
    return 'refused';
  }
  if (!files) throw new Error('a conflict was brought in');
  model.branches.set(session.branch, files);
  model.go(top, session.branch, files);
  return 'done';
}

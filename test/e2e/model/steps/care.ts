/** What is looked at, and care of what is kept: the list, the trash, and a session as one file. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { states } from '../checks.ts';
import type { Outcome } from '../draw.ts';
import { sorted } from '../files.ts';
import type { World } from '../world.ts';

/** What the tool says of all sessions is what the model knows. */
export async function list(w: World, top: string): Promise<Outcome> {
  const { facts } = await w.must(top, ['list', '--limit', '1000']);
  const known = new Map(states(w.model.sessions));
  // A review is what the model does not know of. Where plain git took a landing out of base, a session is sealed, or active where its branch went on.
  const told = (id: string, state: string) => (w.unlanded.has(id) ? 'closed' : state === 'review' ? 'active' : state);
  const rows = facts.sessions.filter(({ id }: { id: string }) => known.has(id));
  expect(sorted(new Map(rows.map(({ id, state }: Row) => [id, told(id, state)])))).toEqual(sorted(known));
  return 'done';
}

interface Row {
  id: string;
  state: string;
}

/** Where the checkout is, as the model has it. */
export async function status(w: World, top: string): Promise<Outcome> {
  const { facts } = await w.must(top, ['status']);
  const [id] = w.model.sessionAt(top) ?? [];
  if (id) expect(facts.session).toMatchObject({ id, state: expect.stringMatching(/^(active|review)$/) });
  else if (w.model.at(top).head === 'main') expect(facts.session).toBeNull();
  return 'done';
}

/** Nothing is as old as the trash keeps it: what goes is held elsewhere, so that everything can still be had. */
export async function gc(w: World, top: string): Promise<Outcome> {
  const { facts } = await w.must(top, ['gc', '--yes']);
  const refs = w.git.refs();
  for (const { ref, goes, elsewhere } of facts.trash) if (goes) expect(refs.has(elsewhere), `${ref} is in ${elsewhere} as well`).toBe(true);
  return 'done';
}

export async function exportBackup(w: World, top: string): Promise<Outcome> {
  const [id] = w.draw.pick([...w.model.sessions]) ?? [];
  if (!id) return 'idle';
  const file = join(dirname(w.repo.dir), `${w.draw.next()}.bundle`);
  const ran = await w.cli(top, ['backup', 'export', id, '--to', file]);
  expect(existsSync(file), ran.said).toBe(ran.code === 0);
  if (ran.code !== 0) return 'refused';
  w.bundles.push(file);
  return 'done';
}

/** Overwrites nothing: every ref that it makes was not there, and stands as the bundle has it. */
export async function importBackup(w: World, top: string): Promise<Outcome> {
  const file = w.draw.pick(w.bundles);
  if (!file) return 'idle';
  const before = w.git.refs();
  const ran = await w.cli(top, ['backup', 'import', file]);
  const after = w.git.refs();
  for (const [name, { oid }] of before) expect(after.get(name)?.oid, name).toBe(oid);
  if (ran.code !== 0) {
    expect(after.size, ran.said).toBe(before.size);
    return 'refused';
  }
  for (const { ref, made } of ran.facts.refs) expect(before.has(ref), ref).toBe(!made);
  w.takeFromGit();
  w.sessionsFromGit = true;
  return 'done';
}

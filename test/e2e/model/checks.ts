/** What must hold after each step: the model and git tell the same. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Files, sorted } from './files.ts';
import { onDisk, type Refs } from './git.ts';
import type { Model, Session, State } from './model.ts';
import type { World } from './world.ts';

export class Checks {
  private before = { refs: '', journals: '' };

  constructor(private readonly w: World) {
    w.tips = w.git.tips();
  }

  agree(): void {
    const { w } = this;
    const refs = w.git.refs();
    const now = { refs: JSON.stringify([...refs]), journals: journalStamp(w) };
    const moved = now.refs !== this.before.refs;
    const found = disagreement(w, w.model, refs);
    if (found) throw new Error(found);
    if (moved) this.nothingIsLost(refs);
    if (moved || w.sessionsFromGit) this.sessions(refs);
    if (moved || now.journals !== this.before.journals) this.memories(refs);
    this.before = now;
    w.tips = w.git.tips(refs);
    w.model.noteCommitted();
  }

  /** Every commit that a ref had and every tag can still be had from a ref; no lock lies about. */
  private nothingIsLost(refs: Refs): void {
    const { w } = this;
    const reachable = w.reachable(refs);
    for (const one of w.seen) expect(reachable.has(one), `${one} can still be reached`).toBe(true);
    for (const [name, { oid, commit }] of refs) {
      if (name === 'refs/stash' || name.startsWith('refs/remotes/')) continue;
      w.seen.add(oid).add(commit);
      expect(name, 'a ref of unfinished work').not.toMatch(/^refs\/git-session\/(build|import)/);
    }
  }

  private sessions(refs: Refs): void {
    const { w } = this;
    const { model } = w;
    const inGit = sessionsInGit(w, refs);
    if (w.sessionsFromGit) {
      for (const [id, { state }] of inGit) if (state === 'active' && model.sessions.get(id)?.state === 'closed') w.reopened.add(id);
      model.sessions = inGit;
    }
    for (const id of w.reopened) {
      inGit.delete(id);
      model.forget(id);
    }
    w.sessionsFromGit = false;
    expect(states(inGit), 'sessions').toEqual(states(model.sessions));
    for (const [id, { branch, state }] of model.sessions) {
      const stands = refs.has(`refs/heads/${branch}`);
      if (stands) w.takenAway.delete(branch);
      if (state === 'active' && !w.takenAway.has(branch)) expect(stands, `${id} has a branch`).toBe(true);
      if (state === 'closed') expect(refs.has(`refs/tags/backup/${id}`), `${id} has its tag`).toBe(true);
      if (state === 'abandoned' && !stands) expect(refs.has(`refs/git-session/trash/${id}`), `${id} is in the trash`).toBe(true);
    }
  }

  /** Every value that was acknowledged is in the log at the branch or in the journal, and none that was deleted: read with nothing but git and JSON. */
  private memories(refs: Refs): void {
    const { w } = this;
    for (const [id, { branch }] of w.model.sessionsIn('active')) {
      const tip = refs.get(`refs/heads/${branch}`)?.commit;
      const told = w.model.memories.get(id);
      if (!tip || !told || told.size === 0) continue;
      const found = memoryIn(w, id, tip);
      for (const [key, { value }] of told) expect(found.get(key) ?? null, `${key} of ${id}`).toBe(value);
    }
  }
}

/** The first thing in which a model and git are not of one mind; null: they are. */
function disagreement(w: World, model: Model, refs: Refs): string | null {
  const tips = w.git.tips(refs);
  const differ = (what: string, git: unknown, known: unknown) =>
    JSON.stringify(git) === JSON.stringify(known) ? null : `${what}: git has ${JSON.stringify(git)}, the model ${JSON.stringify(known)}`;
  const files = (map: Files | Map<string, string | null>) => sorted<string | null>(map);
  const branches = differ('branches', [...tips.keys()].sort(), [...model.branches.keys()].sort());
  if (branches) return branches;
  for (const [branch, tip] of tips) {
    const found = differ(branch, files(w.git.inCommit(tip)), files(model.filesOf(branch)));
    if (found) return found;
  }
  for (const [top, { head, work, staged }] of model.checkouts) {
    if (!existsSync(top)) return `${top} is gone`;
    const git = w.git.status(top, refs);
    const found =
      differ(`HEAD of ${top}`, git.head, head) ??
      differ(`files in ${top}`, files(onDisk(top)), files(work)) ??
      differ(`staged in ${top}`, files(git.staged), files(staged)) ??
      differ(`git status is quiet in ${top}`, git.ours, []);
    if (found) return found;
  }
  return null;
}

/** What refs and trees say of sessions: its branch before its tag before the trash, or a branch that it landed on. */
function sessionsInGit(w: World, refs: Refs): Map<string, Session> {
  const metadata = (commit: string | undefined) => (commit ? w.git.read(commit).metadata : new Map<string, string>());
  const main = metadata(refs.get('refs/heads/main')?.commit);
  const places = new Map<string, string>();
  const named = (start: string) =>
    [...refs].flatMap(([ref, { commit }]) => (ref.startsWith(start) ? [[ref.slice(start.length), commit] as const] : []));
  for (const [name, commit] of named('refs/git-session/trash/')) if (/^session-[^./]+$/.test(name)) places.set(name, commit);
  for (const [name, commit] of named('refs/tags/backup/')) places.set(name.split('.')[0] ?? '', commit);
  for (const [name, commit] of named('refs/heads/session/')) places.set(`session-${name}`, commit);
  const found = new Map<string, Session>();
  for (const id of new Set([...main.keys(), ...places.keys()])) {
    const commit = places.get(id);
    const landed = main.get(id) ?? null;
    const blob = commit === undefined ? landed : metadata(commit).get(id);
    if (!blob) continue;
    const { status, base } = w.git.metadata(blob);
    if (status === 'closed' && commit !== undefined && landed !== blob) w.unlanded.add(id);
    else w.unlanded.delete(id);
    found.set(id, { branch: id.replace('session-', 'session/'), base, state: status });
  }
  return found;
}

export const states = (sessions: ReadonlyMap<string, Session>): [string, State][] =>
  sorted(new Map([...sessions].map(([id, { state }]) => [id, state])));

const journalOf = (w: World, name: string) => join(w.repo.dir, '.git', 'git-session', 'journal', name);

/** Size and time of what memory is read from, beside refs. */
function journalStamp(w: World): string {
  if (!existsSync(journalOf(w, ''))) return '';
  return readdirSync(journalOf(w, ''))
    .map((name) => [name, statSync(journalOf(w, name))] as const)
    .map(([name, { size, mtimeMs }]) => `${name} ${size} ${mtimeMs}`)
    .join('\n');
}

/** The coordination memory of a session by key, folded from its log at a commit and this clone's journal. */
export function memoryIn(w: World, id: string, commit: string): Map<string, string> {
  const journal = journalOf(w, `${id}.jsonl`);
  const texts = (w.git.read(commit).logs.get(id) ?? []).map((blob) => w.git.textOf(blob));
  if (existsSync(journal)) texts.push(readFileSync(journal, 'utf8'));
  const records = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes('"memory.'))
    .map((line) => JSON.parse(line));
  const order = ({ at, n = 0, id: record }: { at: string; n?: number; id: string }) => `${at} ${String(n).padStart(9, '0')} ${record}`;
  const memory = new Map<string, string>();
  for (const { kind, data } of records.sort((a, b) => (order(a) < order(b) ? -1 : 1))) {
    if (data.namespace !== 'coordination') continue;
    if (kind === 'memory.stored') memory.set(data.key, data.value);
    else if (kind === 'memory.deleted') memory.delete(data.key);
  }
  return memory;
}

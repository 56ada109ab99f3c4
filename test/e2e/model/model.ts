/** What must exist, told without git: branches as files, checkouts as folders, sessions as states and what was remembered in them. */

import { type Files, same } from './files.ts';

/** Key to value (null: deleted), each with the number of its telling: the last one counts, in whatever order clones hear of it. */
export type Memory = Map<string, { value: string | null; n: number }>;

export interface Checkout {
  /** Branch; null: detached. */
  head: string | null;
  /** What HEAD has. */
  at: Files;
  /** What lies in the folder. */
  work: Map<string, string>;
  /** What the index has other than HEAD; null: it was removed there. */
  staged: Map<string, string | null>;
}

export type State = 'active' | 'closed' | 'abandoned';

export interface Session {
  branch: string;
  base: string;
  state: State;
}

export interface Task {
  session: string;
  /** What it has edited, and what it wrote there. */
  path: string;
  text: string;
  /** The branch has had it so since: what comes later is somebody else's. */
  committed: boolean;
}

/** Before and after, where they differ; null: it is not there. */
type Change<T> = [before: T | null, after: T | null];

/** What a command did to branches and sessions, to be had back by its undo. */
export interface Act {
  name: string;
  session: string;
  branches: Map<string, Change<Files>>;
  sessions: Map<string, Change<Session>>;
  /** Which undo it was that took it back; 0: it stands. */
  undone: number;
  /** Of a checkpoint: its commit. */
  commit: string | null;
  /** Somebody was killed at it: whether the tool knows of it, nobody here can say. */
  maybe: boolean;
}

export class Model {
  branches = new Map<string, Files>();
  sessions = new Map<string, Session>();
  checkouts = new Map<string, Checkout>();
  acts: Act[] = [];
  /** Tasks that no agent has said to be over: nobody is taken out of a checkout under them. */
  readonly tasks = new Map<string, Task>();
  /** By session: paths that agents edited without a task. */
  readonly edits = new Map<string, Set<string>>();
  /** By session, whatever becomes of it: what was acknowledged. */
  readonly memories = new Map<string, Memory>();
  private undos = 0;

  at(top: string): Checkout {
    const found = this.checkouts.get(top);
    if (!found) throw new Error(`no checkout ${top}`);
    return found;
  }

  filesOf(branch: string): Files {
    return this.branches.get(branch) ?? new Map();
  }

  memoryOf(session: string): Memory {
    const known = this.memories.get(session) ?? new Map();
    this.memories.set(session, known);
    return known;
  }

  /** The active session that a checkout is on. */
  sessionAt(top: string): [id: string, session: Session] | null {
    const { head } = this.at(top);
    return [...this.sessions].find(([, session]) => session.branch === head && session.state === 'active') ?? null;
  }

  editsOf(session: string): Set<string> {
    const known = this.edits.get(session) ?? new Set();
    this.edits.set(session, known);
    return known;
  }

  tasksOf(session: string): string[] {
    return [...this.tasks].filter(([, task]) => task.session === session).map(([id]) => id);
  }

  /** Whether an agent may be at work in a checkout. */
  isBusy(top: string): boolean {
    return this.tasksOf(this.sessionAt(top)?.[0] ?? '').length > 0;
  }

  forget(session: string): void {
    this.sessions.delete(session);
    this.memories.delete(session);
    for (const task of this.tasksOf(session)) this.tasks.delete(task);
  }

  /** Looks which tasks' edits the branches have now. */
  noteCommitted(): void {
    for (const task of this.tasks.values())
      if (this.filesOf(this.sessions.get(task.session)?.branch ?? '').get(task.path) === task.text) task.committed = true;
  }

  sessionsIn(state: State): [id: string, session: Session][] {
    return [...this.sessions].filter(([, session]) => session.state === state);
  }

  /** Branches that a checkout is on. */
  heads(): Set<string | null> {
    return new Set([...this.checkouts.values()].map(({ head }) => head));
  }

  /** Paths that a person would lose if a checkout were emptied: not as HEAD has them. */
  dirty(top: string): string[] {
    const { at, work, staged } = this.at(top);
    const all = [...new Set([...at.keys(), ...work.keys(), ...staged.keys()])];
    return all.filter((path) => work.get(path) !== at.get(path) || staged.has(path));
  }

  isClean(): boolean {
    return [...this.checkouts.keys()].every((top) => this.dirty(top).length === 0);
  }

  /** Whether a checkout can go to other files with everything of the person kept; false: git refuses, or may. */
  fits(top: string, to: Files): boolean {
    const { at } = this.at(top);
    return this.dirty(top).every((path) => at.get(path) === to.get(path));
  }

  /** The checkout goes elsewhere: what is dirty stays as it lies there. */
  go(top: string, head: string | null, to: Files): void {
    const checkout = this.at(top);
    const { at, staged } = checkout;
    // A file that somebody deleted and did not stage stands in nobody's way: git writes the other one.
    const isKept = (path: string) => checkout.work.has(path) || staged.has(path) || at.get(path) === to.get(path);
    const kept = new Set(this.dirty(top).filter(isKept));
    const work = new Map([...to].filter(([path]) => !kept.has(path)));
    for (const path of kept) {
      const content = checkout.work.get(path);
      if (content !== undefined) work.set(path, content);
    }
    Object.assign(checkout, { head, at: to, work });
    for (const [path, content] of staged) if ((content ?? undefined) === to.get(path)) staged.delete(path);
  }

  /** The branch of a checkout goes on in place: what lies in the folder stays, and what was staged and is committed is staged no more. */
  commit(top: string, files: Files): void {
    const checkout = this.at(top);
    checkout.at = files;
    for (const [path, content] of checkout.staged) if ((content ?? undefined) === files.get(path)) checkout.staged.delete(path);
    if (checkout.head !== null) this.branches.set(checkout.head, files);
  }

  /** An act done now. `change` changes branches and sessions. */
  act(
    name: string,
    session: string,
    change: () => void,
    { commit = null, maybe = false }: Partial<Pick<Act, 'commit' | 'maybe'>> = {},
  ): void {
    const before = { branches: new Map(this.branches), sessions: copied(this.sessions) };
    change();
    const branches = differences(before.branches, this.branches, same);
    const sessions = differences(before.sessions, copied(this.sessions), (a, b) => a?.state === b?.state);
    this.acts.push({ name, session, branches, sessions, undone: 0, commit, maybe });
  }

  /** The acts that an undo of this name may take back, or a redo do again, the newest first. Checkpoints are known by their commits. */
  standing(session: string, name: string | null, undone: boolean): Act[] {
    const mine = this.acts.filter((act) => act.session === session && act.undone > 0 === undone && act.commit === null);
    const all = mine.filter((act) => name === null || act.name === name).reverse();
    return undone ? all.sort((a, b) => b.undone - a.undone) : all;
  }

  /** Takes back, or does again, what an act changed and nothing else. What was remembered is not taken back. */
  reverse(act: Act): void {
    const side = act.undone > 0 ? 1 : 0;
    for (const [branch, change] of act.branches) put(this.branches, branch, change[side]);
    for (const [id, change] of act.sessions) put(this.sessions, id, change[side] && { ...change[side] });
    act.undone = act.undone > 0 ? 0 : ++this.undos;
  }
}

const copied = (sessions: ReadonlyMap<string, Session>) => new Map([...sessions].map(([id, session]) => [id, { ...session }]));

function put<T>(map: Map<string, T>, key: string, value: T | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

function differences<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  isSame: (a: T | undefined, b: T | undefined) => boolean,
) {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => !isSame(before.get(key), after.get(key)));
  return new Map(keys.map((key): [string, Change<T>] => [key, [before.get(key) ?? null, after.get(key) ?? null]]));
}

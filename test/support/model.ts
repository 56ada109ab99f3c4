/** What must exist, told without git: branches as files, checkouts as folders, sessions as states. What git then holds is held against it. */

export type Files = Map<string, string>;

export interface Checkout {
  /** Branch; null: detached. */
  head: string | null;
  /** What HEAD has. */
  at: Files;
  /** What lies in the folder. */
  work: Files;
  /** Staged and not committed. */
  staged: Files;
}

export interface ModelSession {
  branch: string;
  state: 'active' | 'closed' | 'abandoned';
  memory: Map<string, string>;
}

/** What an act changed, to be had back by its undo. */
export interface ModelAct {
  name: string;
  session: string;
  before: Pick<Model, 'branches' | 'sessions'>;
  after: Pick<Model, 'branches' | 'sessions'>;
  /** Which undo it was that took it back; 0: it stands. */
  undone: number;
  /** Of a checkpoint: its commit. */
  commit: string | null;
}

export class Model {
  branches = new Map<string, Files>();
  sessions = new Map<string, ModelSession>();
  checkouts = new Map<string, Checkout>();
  acts: ModelAct[] = [];
  private undos = 0;

  headOf(top: string): Files {
    return this.at(top).at;
  }

  at(top: string): Checkout {
    const found = this.checkouts.get(top);
    if (!found) throw new Error(`no checkout ${top}`);
    return found;
  }

  sessionAt(top: string): [id: string, session: ModelSession] | null {
    const { head } = this.at(top);
    return [...this.sessions].find(([, session]) => session.branch === head && session.state === 'active') ?? null;
  }

  /** Paths that are not as HEAD has them. */
  dirty(top: string): string[] {
    const [head, { work, staged }] = [this.headOf(top), this.at(top)];
    return [...new Set([...head.keys(), ...work.keys(), ...staged.keys()])].filter(
      (path) => work.get(path) !== head.get(path) || staged.has(path),
    );
  }

  /** Whether a checkout can go to other files with everything of the person kept; false: git refuses, or may. */
  fits(top: string, to: Files): boolean {
    const from = this.headOf(top);
    return this.dirty(top).every((path) => from.get(path) === to.get(path));
  }

  /** The checkout goes elsewhere: what is dirty stays as it lies there. */
  go(top: string, head: string | null, to: Files): void {
    const checkout = this.at(top);
    const from = this.headOf(top);
    // A file that somebody deleted and did not stage stands in nobody's way: git writes the other one.
    const isKept = (path: string) => checkout.work.has(path) || checkout.staged.has(path) || from.get(path) === to.get(path);
    const kept = new Set(this.dirty(top).filter(isKept));
    const work = new Map([...to].filter(([path]) => !kept.has(path)));
    for (const path of kept) {
      const content = checkout.work.get(path);
      if (content !== undefined) work.set(path, content);
    }
    Object.assign(checkout, { head, at: to, work });
  }

  /** The branch of a checkout goes on, in place. */
  commit(top: string, files: Files): void {
    const checkout = this.at(top);
    checkout.at = files;
    if (checkout.head !== null) this.branches.set(checkout.head, files);
  }

  /** The act that an undo takes back, or a redo does again. */
  last(session: string, name: string | null, undone: boolean): ModelAct | undefined {
    const mine = this.acts.filter((act) => act.session === session && act.undone > 0 === undone && act.commit === null);
    const all = mine.filter((act) => name === null || act.name === name);
    return undone ? all.sort((a, b) => a.undone - b.undone).at(-1) : all.at(-1);
  }

  /** An act done now. `change` changes branches and sessions. */
  act(name: string, session: string, change: () => void, commit: string | null = null): void {
    const before = this.copy();
    change();
    this.acts.push({ name, session, before, after: this.copy(), undone: 0, commit });
  }

  /** Takes back, or does again, what an act changed and nothing else. */
  reverse(act: ModelAct): void {
    const [from, to] = act.undone > 0 ? [act.before, act.after] : [act.after, act.before];
    for (const branch of new Set([...from.branches.keys(), ...to.branches.keys()])) {
      const [was, will] = [from.branches.get(branch), to.branches.get(branch)];
      if (same(was, will)) continue;
      if (will) this.branches.set(branch, will);
      else this.branches.delete(branch);
    }
    for (const id of new Set([...from.sessions.keys(), ...to.sessions.keys()])) {
      const [was, will, now] = [from.sessions.get(id), to.sessions.get(id), this.sessions.get(id)];
      // What was remembered is not taken back.
      if (will && was?.state !== will.state) this.sessions.set(id, { ...will, memory: now?.memory ?? will.memory });
      if (!will && was) this.sessions.delete(id);
    }
    act.undone = act.undone > 0 ? 0 : ++this.undos;
  }

  private copy(): Pick<Model, 'branches' | 'sessions'> {
    return {
      branches: new Map([...this.branches].map(([name, files]) => [name, new Map(files)])),
      sessions: new Map([...this.sessions].map(([id, session]) => [id, { ...session }])),
    };
  }
}

export const same = (a: Files | undefined, b: Files | undefined) =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));

export const sorted = (files: Files) => [...files].sort(([a], [b]) => (a < b ? -1 : 1));

/** Git's merge of files of one line each; null where both changed one. */
export function merge(fork: Files, ours: Files, theirs: Files): Files | null {
  const merged: Files = new Map();
  for (const path of new Set([...fork.keys(), ...ours.keys(), ...theirs.keys()])) {
    const [was, own, other] = [fork.get(path), ours.get(path), theirs.get(path)];
    if (own !== was && other !== was && own !== other) return null;
    const content = own === was ? other : own;
    if (content !== undefined) merged.set(path, content);
  }
  return merged;
}

/** A repository beside its model: steps that are drawn by a seed, done to both, and what must then agree. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { runCommand } from './in-process.ts';
import { type Files, Model, merge, sorted } from './model.ts';
import { CLI, TestRepo } from './repo.ts';

const PATHS = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts'];
const KILLED = ['start', 'abandon', 'undo', 'closeout', 'switch', 'checkpoint'] as const;

export class World {
  readonly model = new Model();
  readonly told: string[] = [];
  readonly done = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly seen = new Set<string>();
  private files = new Map<string, Files>();
  private n = 0;
  private readonly contents = new Map<string, string>();
  /** Somebody was killed: git says which of the two it is, before or after, and which acts there are. */
  private killed = false;
  private unsure = false;

  constructor(
    readonly repo: TestRepo,
    readonly random: () => number,
  ) {
    const work = this.onDisk(repo.dir);
    this.model.branches.set('main', work);
    this.model.checkouts.set(repo.dir, { head: 'main', at: work, work: new Map(work), staged: new Map() });
  }

  pick<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.random() * all.length)];
  }

  fresh(): string {
    const text = `${this.told.length} ${this.n++}\n`;
    this.contents.set(blobOf(text), text);
    return text;
  }

  onDisk(top: string): Files {
    const dir = join(top, 'src');
    if (!existsSync(dir)) return new Map();
    return new Map(readdirSync(dir).map((name) => [`src/${name}`, readFileSync(join(dir, name), 'utf8')]));
  }

  inCommit(commit: string): Files {
    const known = this.files.get(commit);
    if (known) return known;
    const rows = this.repo.git('ls-tree', '-r', commit, '--', 'src').split('\n').filter(Boolean);
    const files = new Map(
      rows.map((row) => {
        const [meta = '', path = ''] = row.split('\t');
        const oid = meta.split(' ')[2] ?? '';
        return [path, this.contents.get(oid) ?? `${this.repo.git('cat-file', 'blob', oid)}\n`];
      }),
    );
    this.files.set(commit, files);
    return files;
  }

  /** Where a branch and main part. */
  fork(branch: string): Files {
    return this.inCommit(this.repo.git('merge-base', 'main', branch));
  }

  /** A command that has to work, or (`may`) may refuse and then has changed nothing. */
  async command(top: string, argv: string[], may: boolean) {
    const ran = await runCommand(top, argv);
    this.told.push(
      `${top === this.repo.dir ? '' : 'linked: '}${argv.join(' ')} -> ${ran.code}${ran.code === 0 ? '' : ` (${ran.said.split('\n')[0]})`}`,
    );
    const counts = ran.code === 0 ? this.done : this.refused;
    const name = argv[0] === 'hooks' ? 'checkpoint' : argv[0] === 'closeout' && argv.includes('--prepare') ? 'prepare' : (argv[0] ?? '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (ran.code !== 0 && !may) throw new Error(`refused: ${argv.join(' ')}\n${ran.said}`);
    return ran;
  }

  git(top: string, ...args: string[]): boolean {
    this.told.push(`${top === this.repo.dir ? '' : 'linked: '}git ${args.join(' ')}`);
    try {
      new TestRepo(top).git(...args);
      return true;
    } catch {
      return false;
    }
  }

  readHead(top: string): string | null {
    try {
      return new TestRepo(top).git('symbolic-ref', '-q', '--short', 'HEAD');
    } catch {
      return null;
    }
  }

  /** Where the checkouts are by now is git's to say; what lies in them is the model's. */
  followHeads(): void {
    const rows = this.repo.git('worktree', 'list', '--porcelain').matchAll(/^worktree (.*)$/gm);
    for (const [, top = ''] of rows) {
      if (this.model.checkouts.has(top)) continue;
      const work = this.onDisk(top);
      this.model.checkouts.set(top, { head: null, at: work, work, staged: new Map() });
    }
    for (const top of [...this.model.checkouts.keys()]) {
      if (!existsSync(top)) {
        // Only what is committed may go with a worktree.
        expect(this.model.dirty(top)).toEqual([]);
        this.model.checkouts.delete(top);
        continue;
      }
      const head = this.readHead(top);
      this.model.go(top, head, this.inCommit(new TestRepo(top).git('rev-parse', 'HEAD')));
    }
  }

  async step(): Promise<void> {
    const { model } = this;
    const top = this.pick([...model.checkouts.keys()]) ?? this.repo.dir;
    const here = model.sessionAt(top);
    const checkout = model.at(top);
    const at = new TestRepo(top);
    const roll = this.random();
    if (roll < 0.22) {
      const path = this.pick(PATHS) ?? '';
      if (checkout.work.has(path) && this.random() < 0.15) {
        rmSync(join(top, path));
        checkout.work.delete(path);
      } else {
        const text = this.fresh();
        at.write(path, text);
        checkout.work.set(path, text);
      }
      this.told.push(`edit ${path}`);
    } else if (roll < 0.26) {
      const path = this.pick(model.dirty(top).filter((one) => checkout.work.has(one)));
      if (path && this.git(top, 'add', path)) checkout.staged.set(path, checkout.work.get(path) ?? '');
    } else if (roll < 0.34 && checkout.head !== null) {
      const all = this.random() < 0.7;
      if (all) at.git('add', '-A', '--', 'src');
      if (this.git(top, 'commit', '-q', '--allow-empty', '-m', 'by hand')) {
        const files = all ? new Map(checkout.work) : new Map([...model.headOf(top), ...checkout.staged]);
        checkout.staged.clear();
        model.commit(top, files);
      }
    } else if (roll < 0.42) {
      const linked = this.random() < 0.2 && model.checkouts.size < 3;
      await this.start(top, linked);
    } else if (roll < 0.52 && here) await this.checkpoint(top, here[0]);
    else if (roll < 0.58 && here) {
      const [key, value] = [`swarm/${Math.floor(this.random() * 5)}`, this.fresh().trim()];
      await this.command(top, ['memory', 'store', key, value], false);
      here[1].memory.set(key, value);
    } else if (roll < 0.66) await this.switchTo(top);
    else if (roll < 0.69) {
      const id = here && this.random() < 0.6 ? here[0] : this.pick([...model.sessions.keys()]);
      if (id) await this.abandon(top, id);
    } else if (roll < 0.73) {
      const id = this.pick([...model.sessions].filter(([, session]) => session.state === 'abandoned'))?.[0];
      if (id) await this.restore(top, id);
    } else if (roll < 0.76 && here) {
      const main = model.branches.get('main') ?? new Map();
      const merged = merge(this.fork(here[1].branch), model.headOf(top), main);
      if (merged && model.dirty(top).length === 0 && this.git(top, 'merge', '-q', '--no-edit', 'main')) {
        model.commit(top, merged);
        model.at(top).work = new Map(merged);
      }
    } else if (roll < 0.79 && here) {
      const ran = await this.command(top, ['closeout', '--prepare'], true);
      this.sweep(top, here[0]);
      if (ran.code === 0) model.act('prepare', here[0], () => {});
    } else if (roll < 0.84 && here) await this.closeout(top, here[0]);
    else if (roll < 0.94) await this.undo(top, this.random() < 0.3);
    else if (roll < 0.96) await this.kill(top);
    else if (top !== this.repo.dir && model.dirty(top).length === 0) {
      if (this.git(this.repo.dir, 'worktree', 'remove', top)) model.checkouts.delete(top);
    }
  }

  async start(top: string, linked: boolean): Promise<void> {
    const { model } = this;
    const topic = `walk-${this.told.length}-${this.n++}`;
    const place = linked ? ['--worktree', join(dirname(this.repo.dir), topic)] : [];
    const { head } = model.at(top);
    if (head === null) return;
    const base = [...model.sessions.values()].find(({ branch }) => branch === head) ? 'main' : head;
    const files = model.branches.get(base) ?? new Map();
    const ran = await this.command(top, ['start', topic, ...place], !linked && !model.fits(top, files));
    if (ran.code !== 0) return;
    const { id, branch } = ran.facts.session;
    model.act('start', id, () => {
      model.branches.set(branch, new Map(files));
      model.sessions.set(id, { branch, state: 'active', memory: new Map() });
    });
    if (linked) model.checkouts.set(ran.facts.linked_worktree, { head: branch, at: files, work: new Map(files), staged: new Map() });
    else model.go(top, branch, files);
  }

  async checkpoint(top: string, id: string): Promise<void> {
    const { model } = this;
    const checkout = model.at(top);
    const path = this.pick(model.dirty(top).filter((one) => checkout.work.has(one)));
    if (!path) return;
    const task = `t${this.told.length}`;
    await this.command(top, ['hooks', 'post-edit', '--file', path, '--task-id', task], false);
    const ran = await this.command(top, ['hooks', 'post-task', '--task-id', task, '--wait'], false);
    const commit = ran.facts.commit;
    // What is staged, or was dirty before the session, is held.
    const files = this.inCommit(new TestRepo(top).git('rev-parse', 'HEAD'));
    const took = files.get(path) === checkout.work.get(path);
    expect(took || checkout.staged.has(path) || ran.said.includes('not committed') || ran.facts.held?.length > 0, ran.said).toBe(true);
    const change = () => {
      if (took) model.commit(top, new Map([...model.headOf(top), [path, checkout.work.get(path) ?? '']]));
    };
    if (commit) model.act('checkpoint', id, change, commit);
    else change();
  }

  async switchTo(top: string): Promise<void> {
    const { model } = this;
    const busy = new Set([...model.checkouts].filter(([one]) => one !== top).map(([, { head }]) => head));
    const open = [...model.sessions].filter(([, { state, branch }]) => state === 'active' && !busy.has(branch));
    const target = this.random() < 0.25 ? 'main' : this.pick(open);
    if (target === undefined || (target === 'main' && busy.has('main'))) return;
    if (target === 'main') {
      const files = model.branches.get('main') ?? new Map();
      if (this.git(top, 'switch', '-q', 'main')) model.go(top, 'main', files);
      return;
    }
    const [id, { branch }] = target;
    const files = model.branches.get(branch) ?? new Map();
    const moves = model.at(top).head !== branch;
    if ((await this.command(top, ['switch', id], !model.fits(top, files))).code !== 0) return;
    if (moves) model.act('switch', id, () => {});
    model.go(top, branch, files);
  }

  async abandon(top: string, id: string): Promise<void> {
    const { model } = this;
    const session = model.sessions.get(id);
    if (!session) return;
    const holder = [...model.checkouts].find(([, { head }]) => head === session.branch)?.[0];
    const fits = holder === undefined || model.fits(holder, model.branches.get('main') ?? new Map());
    const ran = await this.command(top, ['abandon', id], session.state !== 'active' || !fits);
    if (ran.code !== 0) return;
    model.act('abandon', id, () => {
      session.state = 'abandoned';
    });
    this.followHeads();
  }

  async restore(top: string, id: string): Promise<void> {
    const session = this.model.sessions.get(id);
    if (!session) return;
    await this.command(top, ['restore', id], false);
    this.model.act('restore', id, () => {
      session.state = 'active';
    });
  }

  async closeout(top: string, id: string): Promise<void> {
    const { model } = this;
    const session = model.sessions.get(id);
    if (!session) return;
    const main = model.branches.get('main') ?? new Map();
    const fork = this.fork(session.branch);
    const would = merge(fork, model.branches.get(session.branch) ?? new Map(), main);
    const clean = [...model.checkouts.keys()].every((one) => model.dirty(one).length === 0);
    const ran = await this.command(top, ['closeout', '--yes'], !would || !clean);
    this.sweep(top, id);
    if (ran.code !== 0) return;
    const merged = merge(fork, model.branches.get(session.branch) ?? new Map(), main);
    expect(merged, 'a conflict has landed').not.toBeNull();
    model.act('closeout', id, () => {
      model.branches.set('main', merged ?? new Map());
      session.state = 'closed';
    });
    this.followHeads();
  }

  /** A closeout first brings in what agents edited and no checkpoint has: it lies in the folder as the commit has it. */
  sweep(top: string, id: string): void {
    const { model } = this;
    const branch = model.sessions.get(id)?.branch ?? '';
    const tip = this.tips().get(branch) ?? this.repo.git('rev-parse', `backup/${id}^{commit}`);
    const [files, known] = [this.inCommit(tip), model.branches.get(branch) ?? new Map()];
    const changed = [...files].filter(([path, content]) => known.get(path) !== content);
    for (const [path, content] of changed) expect(model.at(top).work.get(path), `${path} as it was brought in`).toBe(content);
    for (const path of known.keys()) expect(files.has(path), path).toBe(true);
    if (changed.length > 0) model.commit(top, files);
  }

  async undo(top: string, redo: boolean): Promise<void> {
    const { model } = this;
    const ran = await this.command(top, ['undo', '--yes', ...(redo ? ['--redo'] : [])], true);
    if (ran.code !== 0) return;
    this.told.push(`  undone: ${ran.facts.act}`);
    const { act, session } = ran.facts;
    const moved = ran.facts.refs.filter(({ from, to }: { from: string | null; to: string | null }) => from !== null && to !== null);
    const isCheckpoint = act === 'checkpoint' || (redo && moved.length > 0 && ran.facts.checkouts.length === 0);
    const commits = moved.map(({ from, to }: { from: string; to: string }) => (redo ? to : from));
    // A checkpoint of records alone changes nothing that the model knows.
    const found = isCheckpoint
      ? model.acts.find(({ commit, undone }) => commits.includes(commit) && undone > 0 === redo)
      : model.last(session, redo ? null : act, redo);
    if (!found && this.killed) return this.resync();
    if (!found && isCheckpoint) return;
    // A closeout that was not prepared prepares itself; the model has no review.
    if (!found && act === 'prepare') return;
    if (!found) throw new Error(`undone, and never done: ${act} of ${session}`);
    model.reverse(found);
    if (found.name !== 'checkpoint') this.followHeads();
    else
      for (const checkout of model.checkouts.values())
        if (checkout.head !== null) checkout.at = model.branches.get(checkout.head) ?? checkout.at;
  }

  /** A command that is killed, and run again where it can be. */
  async kill(top: string): Promise<void> {
    const { model } = this;
    const here = model.sessionAt(top);
    const name = this.pick(KILLED) ?? 'undo';
    const task = `killed-${this.told.length}`;
    const other = this.pick([...model.sessions].filter(([, { state }]) => state === 'active'))?.[0];
    const dirty = this.pick(model.dirty(top).filter((path) => model.at(top).work.has(path)));
    const argv = {
      start: ['start', `killed-${this.told.length}`],
      abandon: ['abandon', other ?? 'none'],
      undo: ['undo', '--yes'],
      closeout: ['closeout', '--yes'],
      switch: ['switch', other ?? 'none'],
      checkpoint: ['hooks', 'post-edit', '--file', dirty ?? 'src/none.ts', '--task-id', task],
    }[name];
    if (!here && name === 'checkpoint') return;
    if (name === 'checkpoint') await this.command(top, argv, true);
    const spawned = name === 'checkpoint' ? ['hooks', 'post-task', '--task-id', task, '--wait'] : argv;
    const child = spawn(process.execPath, [CLI, ...spawned], { cwd: top, detached: true, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const after = Math.floor(this.random() * 500);
    await Promise.race([ended, pause(after)]);
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It was faster.
    }
    await ended;
    this.told.push(`killed after ${after} ms: ${spawned.join(' ')}`);
    this.done.set('kill', (this.done.get('kill') ?? 0) + 1);
    this.killed = true;
    // As any next command does.
    const lock = join(new TestRepo(top).git('rev-parse', '--absolute-git-dir'), 'index.lock');
    if (existsSync(lock)) {
      // A git that was killed leaves it; git itself tells the person to remove it.
      await this.command(top, ['status'], false);
      rmSync(lock, { force: true });
    }
    await this.command(top, ['closeout', 'undo', 'checkpoint'].includes(name) ? spawned : ['status'], true);
    this.resync();
  }

  /** The model takes from git which of the two it is, before or after; nothing that was there is gone. */
  resync(): void {
    const { model } = this;
    const before = new Map(
      [...model.checkouts.keys()].map((top) => [top, model.dirty(top).map((path) => [path, model.at(top).work.get(path)] as const)]),
    );
    model.acts = [];
    this.unsure = true;
    const tips = this.tips();
    const named = new Map([...model.sessions].map(([id, { branch }]) => [branch, id]));
    for (const branch of [...model.branches.keys()].filter((one) => !tips.has(one))) {
      const kept = this.repo.git('for-each-ref', '--format=%(objectname)', `refs/git-session/trash/${named.get(branch)}`);
      if (kept) model.branches.set(branch, this.inCommit(kept));
    }
    for (const [branch, tip] of tips) model.branches.set(branch, new Map(this.inCommit(tip)));
    this.followHeads();
    for (const [top, dirty] of before) {
      if (!existsSync(top)) {
        expect(dirty, 'gone with its worktree').toEqual([]);
        model.checkouts.delete(top);
        continue;
      }
      const disk = this.onDisk(top);
      for (const [path, content] of dirty) expect(disk.get(path), `${path} as it was left`).toBe(content);
      const at = new TestRepo(top);
      const head = this.readHead(top);
      const staged = at.git('diff', '--cached', '--name-only', '--', 'src').split('\n').filter(Boolean);
      const known = model.at(top).staged;
      model.checkouts.set(top, {
        head,
        at: this.inCommit(at.git('rev-parse', 'HEAD')),
        work: disk,
        staged: new Map(staged.map((path) => [path, known.get(path) ?? `${at.git('show', `:${path}`)}\n`])),
      });
    }
  }

  tips(): Map<string, string> {
    const rows = this.repo.git('for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads').split('\n');
    return new Map(rows.map((row) => row.split(' ') as [string, string]));
  }

  async agree(): Promise<void> {
    const { model } = this;
    const tips = this.tips();
    const listed = (await runCommand(this.repo.dir, ['list', '--limit', '1000', '--json'])).facts.sessions as {
      id: string;
      state: string;
      branch: string;
    }[];
    if (this.unsure) {
      // A start that was killed may have begun its session, or not; an undo that was killed may have ended one.
      for (const { id, branch, state } of listed) {
        const known = model.sessions.get(id);
        const now = state === 'closed' || state === 'abandoned' ? state : 'active';
        if (known) known.state = now;
        else
          model.sessions.set(id, {
            branch,
            state: now,
            memory: new Map(),
          });
      }
      for (const id of [...model.sessions.keys()]) if (!listed.some((one) => one.id === id)) model.sessions.delete(id);
      this.unsure = false;
    }
    const states = new Map(listed.map(({ id, state }) => [id, state === 'closed' || state === 'abandoned' ? state : 'active']));
    expect(sorted(states), 'sessions').toEqual(sorted(new Map([...model.sessions].map(([id, { state }]) => [id, state]))));
    for (const [id, { branch, state }] of model.sessions) {
      if (state === 'active') expect(tips.has(branch), `${id} has a branch`).toBe(true);
      else if (!tips.has(branch)) model.branches.set(branch, model.branches.get(branch) ?? new Map());
    }
    for (const [branch, tip] of tips) {
      this.seen.add(tip);
      expect(sorted(this.inCommit(tip)), branch).toEqual(sorted(model.branches.get(branch) ?? new Map()));
    }
    for (const [top, { head, work, staged }] of model.checkouts) {
      expect(this.readHead(top), top).toBe(head);
      expect(sorted(this.onDisk(top)), `files in ${top}`).toEqual(sorted(work));
      const at = new TestRepo(top);
      const cached = at.git('diff', '--cached', '--name-only', '--', 'src').split('\n').filter(Boolean);
      const inHead = model.headOf(top);
      expect(cached.sort(), `staged in ${top}`).toEqual(
        [...staged].flatMap(([path, content]) => (inHead.get(path) === content ? [] : path)).sort(),
      );
      expect(existsSync(join(at.git('rev-parse', '--absolute-git-dir'), 'index.lock')), 'index.lock').toBe(false);
    }
    const reachable = new Set(this.repo.git('rev-list', '--all').split('\n'));
    for (const commit of this.seen) expect(reachable.has(commit), `${commit} can still be reached`).toBe(true);
    const asked = this.pick([...model.checkouts.keys()].filter((top) => model.sessionAt(top)));
    const [, session] = (asked && model.sessionAt(asked)) || [];
    if (asked && session && session.memory.size > 0) {
      const { entries } = (await runCommand(asked, ['memory', 'list', '--namespace', 'coordination', '--json'])).facts;
      const values = new Map(entries.map(({ key, value }: { key: string; value: string }) => [key, value]));
      for (const [key, value] of session.memory) expect(values.get(key), key).toBe(value);
    }
  }
}

const blobOf = (text: string) =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');

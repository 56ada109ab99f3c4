/** A repository beside its model, and what a step does to both. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { approvedRepo } from '../../support/landed.ts';
import { CLI, type RunOptions, run, TestRepo } from '../../support/repo.ts';
import type { Draw } from './draw.ts';
import { GitView, onDisk } from './git.ts';
import { Model } from './model.ts';

export interface CliRun {
  code: number;
  // biome-ignore lint/suspicious/noExplicitAny: steps read single facts of it
  facts: any;
  said: string;
}

export class World {
  model = new Model();
  readonly git: GitView;
  /** Plain git has just changed what sessions there are, in a way that the model takes from git. */
  sessionsFromGit = false;
  /** What comes next, whatever is drawn: the first of these that there is. */
  following: { steps: string[]; top: string } | null = null;
  /** Bundles that were written of its sessions. */
  readonly bundles: string[] = [];
  /** Branches of sessions that a person has renamed or deleted. */
  readonly takenAway = new Set<string>();
  /** Closed sessions whose landing is not on main, by reset or revert. */
  readonly unlanded = new Set<string>();
  /** Acts that were killed, as `<name> <session>`, and starts as `start`: the tool may know more of them than came of them. */
  private readonly killed = new Set<string>();
  /** Branches as they stood after the step before. */
  tips: ReadonlyMap<string, string> = new Map();
  /** Sessions that have landed and whose branch of before stands again, by plain git or from a bundle: theirs are two lives, and no model's. */
  readonly reopened = new Set<string>();
  /** Commits and tags that were acknowledged, and that nobody has dropped by plain git. */
  seen = new Set<string>();
  /** Built CLI runs so far. */
  commands = 0;

  constructor(
    readonly draw: Draw,
    readonly repo: TestRepo,
  ) {
    this.git = new GitView(draw, repo.dir);
    const files = onDisk(repo.dir);
    for (const text of files.values()) draw.know(text);
    this.model.branches.set('main', new Map(files));
    this.model.checkouts.set(repo.dir, { head: 'main', at: new Map(files), work: files, staged: new Map() });
  }

  /** The built command line. */
  async cli(top: string, argv: string[], options: RunOptions = {}): Promise<CliRun> {
    const { code, out, err } = await run(process.execPath, [CLI, ...argv, '--json'], { cwd: top, ...options });
    this.commands++;
    const said = `${out}${err}`;
    this.tell(top, `${argv.join(' ')} -> ${code}${code === 0 ? '' : ` (${err.trim().split('\n').slice(-3).join(' / ')})`}`);
    expect(code, said).not.toBe(70);
    expect(said, 'node itself failed').not.toMatch(/^Node\.js v/m);
    return { code, facts: code === 0 && out !== '' ? JSON.parse(out) : null, said };
  }

  /** A command that nothing speaks against. */
  async must(top: string, argv: string[]): Promise<CliRun> {
    const ran = await this.cli(top, argv);
    if (ran.code !== 0) throw new Error(`refused: ${argv.join(' ')}\n${ran.said}`);
    return ran;
  }

  /** Plain git, as a person types it; false: git said no. */
  plain(top: string, ...args: string[]): boolean {
    this.tell(top, `git ${args.join(' ')}`);
    try {
      new TestRepo(top).git(...args);
      return true;
    } catch {
      return false;
    }
  }

  tell(top: string, what: string): void {
    this.draw.told.push(`${top.split('/').at(-1)}: ${what}`);
  }

  write(top: string, path: string): void {
    const text = this.draw.fresh();
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
    this.model.at(top).work.set(path, text);
    this.tell(top, `${path} := ${text.trim()}`);
  }

  /** Where the checkouts are by now is git's to say; what lies in them is the model's. */
  followHeads(model = this.model): void {
    const tops = this.git.worktrees();
    const refs = this.git.refs();
    for (const top of tops.filter((one) => !model.checkouts.has(one))) {
      const work = onDisk(top);
      model.checkouts.set(top, { head: null, at: new Map(work), work, staged: new Map() });
    }
    for (const top of [...model.checkouts.keys()]) {
      if (tops.includes(top)) {
        const { head, commit } = this.git.status(top, refs);
        model.go(top, head, this.git.inCommit(commit));
        continue;
      }
      expect(model.dirty(top), 'uncommitted, and gone with its worktree').toEqual([]);
      model.checkouts.delete(top);
    }
  }

  /** After plain git: what git made of branches and checkouts is so, and what a person dropped is dropped. */
  takeFromGit(): void {
    const { model, git } = this;
    const refs = git.refs();
    model.branches = new Map([...git.tips(refs)].map(([name, tip]) => [name, git.inCommit(tip)]));
    model.checkouts = new Map(
      git.worktrees().map((top) => {
        const { head, commit, staged } = git.status(top, refs);
        return [top, { head, at: git.inCommit(commit), work: onDisk(top), staged }];
      }),
    );
  }

  noteKilled(act: string, session: string): void {
    this.killed.add(act === 'start' ? 'start' : `${act} ${session}`);
  }

  /** Whether somebody was killed at such an act. */
  killedAt(act: string, session: string): boolean {
    return this.killed.has('start') && act === 'start' ? true : this.killed.has(`${act} ${session}`);
  }

  forgetDropped(): void {
    const reachable = this.reachable();
    this.seen = new Set([...this.seen].filter((one) => reachable.has(one)));
  }

  /** Every commit and tag that a ref still holds. */
  reachable(refs = this.git.refs()): Set<string> {
    return new Set([...this.git.ask(this.repo.dir, 'rev-list', '--all').split('\n'), ...[...refs.values()].map(({ oid }) => oid)]);
  }

  hasLanded(id: string): boolean {
    return this.git.read(this.git.tips().get('main') ?? '').metadata.has(id);
  }

  /** Where two branches part. */
  fork(one: string, other: string) {
    return this.git.inCommit(this.git.ask(this.repo.dir, 'merge-base', one, other));
  }
}

/** A repository whose policy lets a session land without anybody at a terminal. */
export function oneClone(draw: Draw): World {
  return new World(draw, approvedRepo(READY).repo);
}

export const READY = { policy: '', files: { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' } };

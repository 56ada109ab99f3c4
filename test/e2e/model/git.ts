/** What git says of a repository, asked by stock commands only and never by the code under test. What cannot change is asked once. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TestRepo } from '../../support/repo.ts';
import { blobOf, type Draw } from './draw.ts';
import type { Files } from './files.ts';
import type { State } from './model.ts';

/** What the tool writes into the tree for itself. Everything else is somebody's file, and the model knows it. */
const OURS = /^\.swarm\/(log|backups)\/|^sessions\/[^/]+\/(metadata\.json|session-summary\.md|metrics\.json|inventory\.json)$/;

export interface Ref {
  /** Of a tag: the tag object. */
  oid: string;
  commit: string;
}

export type Refs = ReadonlyMap<string, Ref>;

interface Commit {
  files: Files;
  /** Blobs of sessions' metadata and of their log files, by session. */
  metadata: ReadonlyMap<string, string>;
  logs: ReadonlyMap<string, string[]>;
}

export interface Status {
  head: string | null;
  commit: string;
  staged: Map<string, string | null>;
  /** What of the tool's own files git status would show. */
  ours: string[];
}

export class GitView {
  private readonly commits = new Map<string, Commit>();
  private readonly statuses = new Map<string, { key: string; status: Status }>();

  constructor(
    private readonly draw: Draw,
    readonly dir: string,
  ) {}

  /** Throws where git fails. */
  ask(top: string, ...args: string[]): string {
    return new TestRepo(top).git(...args);
  }

  knows(object: string): boolean {
    try {
      this.ask(this.dir, 'cat-file', '-e', object);
      return true;
    } catch {
      return false;
    }
  }

  refs(): Refs {
    const rows = this.ask(this.dir, 'for-each-ref', '--format=%(refname) %(objectname) %(*objectname)').split('\n');
    return new Map(
      rows.map((row) => {
        const [name = '', oid = '', commit] = row.split(' ');
        return [name, { oid, commit: commit || oid }];
      }),
    );
  }

  tips(refs: Refs = this.refs()): Map<string, string> {
    const heads = [...refs].filter(([name]) => name.startsWith('refs/heads/'));
    return new Map(heads.map(([name, { commit }]) => [name.slice('refs/heads/'.length), commit]));
  }

  worktrees(): string[] {
    const rows = this.ask(this.dir, 'worktree', 'list', '--porcelain').matchAll(/^worktree (.*)$/gm);
    return [...rows].map(([, top = '']) => top).filter((top) => existsSync(top));
  }

  /** Every file that is somebody's in a commit. */
  inCommit(commit: string): Files {
    return this.read(commit).files;
  }

  read(commit: string): Commit {
    const known = this.commits.get(commit);
    if (known) return known;
    const [blobs, metadata, logs] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string[]>()];
    for (const row of this.ask(this.dir, 'ls-tree', '-r', '-z', commit).split('\0').filter(Boolean)) {
      const [meta = '', path = ''] = row.split('\t');
      const oid = meta.split(' ')[2] ?? '';
      const [, log] = /^\.swarm\/log\/([^/]+)\/[^/]+\.jsonl$/.exec(path) ?? [];
      if (log) logs.set(log, [...(logs.get(log) ?? []), oid]);
      if (path.endsWith('/metadata.json')) metadata.set(path.split('/')[1] ?? '', oid);
      if (!OURS.test(path)) blobs.set(path, oid);
    }
    this.readBlobs([...blobs.values(), ...metadata.values(), ...[...logs.values()].flat()]);
    const read = { files: new Map([...blobs].map(([path, oid]) => [path, this.textOf(oid)])), metadata, logs };
    this.commits.set(commit, read);
    return read;
  }

  textOf(blob: string): string {
    this.readBlobs([blob]);
    return this.draw.textOf(blob) ?? '';
  }

  private readBlobs(blobs: readonly string[]): void {
    const missing = [...new Set(blobs)].filter((oid) => this.draw.textOf(oid) === undefined);
    if (missing.length === 0) return;
    const input = `${missing.join('\n')}\n`;
    let rest = execFileSync('git', ['cat-file', '--batch'], { cwd: this.dir, input, stdio: ['pipe', 'pipe', 'ignore'] });
    for (const oid of missing) {
      const end = rest.indexOf(10);
      const size = Number(rest.toString('utf8', 0, end).split(' ')[2]);
      if (!(size >= 0)) throw new Error(`git has no blob ${oid}`);
      this.draw.know(rest.toString('utf8', end + 1, end + 1 + size));
      rest = rest.subarray(end + size + 2);
    }
  }

  /** Base and status that the metadata of a session says, in a blob. */
  metadata(blob: string): { status: State; base: string } {
    return JSON.parse(this.textOf(blob));
  }

  /** What git says of a checkout. The answer follows from HEAD, its commit and the index, and is asked again once one of them is another. */
  status(top: string, refs: Refs): Status {
    const dotGit = join(top, '.git');
    const gitDir = statSync(dotGit).isDirectory() ? dotGit : readFileSync(dotGit, 'utf8').slice('gitdir: '.length).trim();
    const head = readFileSync(join(gitDir, 'HEAD'), 'utf8').trim();
    const index = existsSync(join(gitDir, 'index')) ? readFileSync(join(gitDir, 'index'), 'latin1') : '';
    const key = `${head} ${refs.get(head.slice('ref: '.length))?.oid} ${blobOf(index)}`;
    const known = this.statuses.get(top);
    if (known?.key === key) return known.status;
    const status = this.readStatus(top);
    this.statuses.set(top, { key, status });
    return status;
  }

  private readStatus(top: string): Status {
    const rows = this.ask(top, 'status', '--porcelain=v2', '--branch', '--untracked-files=all', '--no-renames', '-z').split('\0');
    const status: Status = { head: null, commit: '', staged: new Map(), ours: [] };
    for (const row of rows) {
      const words = row.split(' ');
      if (row.startsWith('# branch.head ')) status.head = words[2] === '(detached)' ? null : (words[2] ?? null);
      else if (row.startsWith('# branch.oid ')) status.commit = words[2] ?? '';
      else if (row.startsWith('1 ')) {
        const path = words.slice(8).join(' ');
        if (OURS.test(path)) status.ours.push(row);
        else if (!words[1]?.startsWith('.')) status.staged.set(path, words[1]?.startsWith('D') ? null : this.textOf(words[7] ?? ''));
      } else if (row.startsWith('u ')) status.ours.push(row);
      else if (row.startsWith('? ') && OURS.test(row.slice(2))) status.ours.push(row);
    }
    return status;
  }
}

/** Every file that is somebody's in a working tree. */
export function onDisk(top: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (folder: string) => {
    for (const row of readdirSync(join(top, folder), { withFileTypes: true })) {
      const path = folder === '' ? row.name : `${folder}/${row.name}`;
      if (path === '.git' || OURS.test(path)) continue;
      if (row.isDirectory()) walk(path);
      else found.set(path, readFileSync(join(top, path), 'utf8'));
    }
  };
  walk('');
  return found;
}

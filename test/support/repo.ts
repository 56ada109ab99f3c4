/** Real repositories in temporary folders, and the built CLI run in them. */

import { type ExecFileException, execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRepo } from '../../src/git/repo.ts';
import type { Repo } from '../../src/git/run.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const DIST = process.env.GIT_SESSION_TEST_DIST ?? join(ROOT, 'dist');
export const CLI = join(DIST, 'cli.cjs');

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  input?: string | Uint8Array;
  /** It is killed when it has not ended by then, in milliseconds; its code is 128 then. */
  limit?: number;
}

/** A temporary folder removed when the test ends; outside a test (in `beforeAll`), when the file ends. */
export function tempDir(name = 'gs-'): string {
  const dir = mkdtempSync(join(tmpdir(), name));
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  try {
    onTestFinished(remove);
    return dir;
  } catch {
    remove();
    return mkdtempSync(join(process.env.HOME ?? tmpdir(), name));
  }
}

/** Runs a program to its end; never throws on an exit code. */
export function run(file: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      {
        cwd: options.cwd,
        env: { ...process.env, ...options.env },
        maxBuffer: 1 << 28,
        encoding: 'utf8',
        timeout: options.limit,
        killSignal: 'SIGKILL',
      },
      (error: ExecFileException | null, out, err) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 128) : 0;
        resolve({ code, out, err });
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

export class TestRepo {
  readonly dir: string;
  constructor(dir: string) {
    this.dir = dir;
  }

  /** git in this repository; throws on failure. */
  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
  }

  /** The built CLI in this repository. */
  session(args: string[], options: RunOptions = {}): Promise<Ran> {
    return run(process.execPath, [CLI, ...args], { cwd: this.dir, ...options });
  }

  /** As `session`, but fails the test where the command fails. */
  async ok(args: string[], options: RunOptions = {}): Promise<Ran> {
    const ran = await this.session(args, options);
    if (ran.code !== 0) throw new Error(`git-session ${args.join(' ')} exited ${ran.code}\n${ran.out}\n${ran.err}`);
    return ran;
  }

  /** The parsed --json facts of a command. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read single facts of it
  async json(args: string[], options: RunOptions = {}): Promise<any> {
    return JSON.parse((await this.ok([...args, '--json'], options)).out);
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.dir, path));
  }

  /** Writes files and commits them with plain git, hooks included. */
  commit(message: string, files: Record<string, string> = {}): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** The repository as `src/git` sees it. */
  open(): Promise<Repo> {
    return openRepo(this.dir);
  }

  /** Refs, status, index and HEAD as one text: what must not change when something is refused. */
  snapshot(): string {
    return [
      this.git('for-each-ref', '--format=%(refname) %(objectname)'),
      this.git('symbolic-ref', '-q', 'HEAD'),
      this.git('status', '--porcelain=v2', '--untracked-files=all', '--branch'),
      this.git('ls-files', '-s'),
      this.git('config', '--local', '--list'),
    ].join('\n--\n');
  }
}

/** A repository on `main` with one commit. */
export function makeRepo(options: { files?: Record<string, string>; empty?: boolean; objectFormat?: 'sha1' | 'sha256' } = {}): TestRepo {
  const dir = join(tempDir(), 'repo');
  mkdirSync(dir);
  const repo = new TestRepo(dir);
  repo.git('init', '-q', '-b', 'main', ...(options.objectFormat ? [`--object-format=${options.objectFormat}`] : []));
  if (!options.empty) repo.commit('first', { 'README.md': '# demo\n', ...options.files });
  return repo;
}

/** A new ed25519 key without passphrase; returns the private key's path (`.pub` beside it). */
export function makeSshKey(dir = tempDir('gs-key-'), name = 'id_ed25519', comment = 'dana@example.com'): string {
  const path = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
  return path;
}

/** A clone of it, by a real `git clone`. */
export function cloneOf(repo: TestRepo, ...args: string[]): TestRepo {
  const dir = join(tempDir(), 'clone');
  execFileSync('git', ['clone', '-q', ...args, repo.dir, dir]);
  return new TestRepo(dir);
}

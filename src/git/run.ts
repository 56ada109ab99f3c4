/** The one place that starts git, through execa. Everything else in `src/git` asks here. */

import { execa } from 'execa';
import { stateError } from '../core/errors.ts';
import { gitEnv } from './env.ts';
import type { Located } from './locate.ts';

export { gitEnv, LOCAL } from './env.ts';

/** A repository as the commands see it. Made by `openRepo`. */
export interface Repo extends Located {
  /** Where the command was called. */
  cwd: string;
  /** True where GIT_DIR was set: git is then told the directories instead of finding them. */
  explicit: boolean;
  objectFormat: 'sha1' | 'sha256';
  shallow: boolean;
  /** Variables for every git of this repository value, such as GIT_NO_REPLACE_OBJECTS for an audit. */
  env?: Record<string, string>;
}

export interface RunOptions {
  input?: string | Uint8Array;
  /** Added to the scrubbed environment. */
  env?: Record<string, string>;
  /** Exit codes that are answers and not failures; default [0]. */
  ok?: number[];
  /** Another folder than the top of the worktree. */
  cwd?: string;
  /** Let git talk to the person's terminal (a key's passphrase or touch). */
  terminal?: boolean;
  timeoutMs?: number;
  /** Pathspecs are globs in which `*` stops at a slash; default: literal paths. */
  globs?: boolean;
}

export interface RunResult {
  code: number;
  /** Standard output, whole, as UTF-8; see `runBytes` for raw bytes. */
  out: string;
  err: string;
}

/** Repository part of the command line. An object is what its id says: `refs/replace/` must not put another in its place. */
function prefix(repo: Repo, globs: boolean): string[] {
  const at = repo.explicit ? [`--git-dir=${repo.gitDir}`, `--work-tree=${repo.top}`] : [];
  const pathspecs = globs ? '--glob-pathspecs' : '--literal-pathspecs';
  // log.showSignature would put verification between the lines that we parse.
  return [
    ...at,
    '--no-replace-objects',
    pathspecs,
    '-c',
    'core.quotePath=false',
    '-c',
    'advice.detachedHead=false',
    '-c',
    'log.showSignature=false',
  ];
}

async function start(repo: Repo, args: string[], options: RunOptions, encoding: 'utf8' | 'buffer') {
  const result = await execa('git', [...prefix(repo, options.globs === true), ...args], {
    cwd: options.cwd ?? repo.top,
    env: gitEnv({ ...repo.env, ...options.env }),
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    encoding,
    ...(options.input === undefined ? { stdin: options.terminal ? ('inherit' as const) : ('ignore' as const) } : { input: options.input }),
    ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
    maxBuffer: 1 << 30,
  });
  const code = result.exitCode ?? 128;
  const err = typeof result.stderr === 'string' ? result.stderr : Buffer.from(result.stderr ?? []).toString();
  if (!(options.ok ?? [0]).includes(code)) {
    const said = err.trim() || (result.failed && 'shortMessage' in result ? String(result.shortMessage) : '');
    throw new GitError(args, code, said);
  }
  return { code, stdout: result.stdout, err };
}

/** Runs git in the repository; throws GitError on an exit code that `ok` does not name. */
export async function runGit(repo: Repo, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const { code, stdout, err } = await start(repo, args, options, 'utf8');
  return { code, out: String(stdout ?? ''), err };
}

/** A git that is talked to while it runs: its streams are pipes, nothing is buffered, and no exit code is thrown. */
export function startGit(repo: Repo, args: string[]) {
  return execa('git', [...prefix(repo, false), ...args], {
    cwd: repo.top,
    env: gitEnv(repo.env),
    extendEnv: false,
    reject: false,
    buffer: false,
    stdin: 'pipe',
  });
}

/** As runGit, for output that need not be UTF-8. */
export async function runBytes(repo: Repo, args: string[], options: RunOptions = {}): Promise<Buffer> {
  const { stdout } = await start(repo, args, options, 'buffer');
  return Buffer.from((stdout as Uint8Array | undefined) ?? []);
}

/** Standard output without its last newline. */
export async function ask(repo: Repo, args: string[], options: RunOptions = {}): Promise<string> {
  return (await runGit(repo, args, options)).out.replace(/\n$/, '');
}

/** As `ask`, but null where git exits with 1 or 128 (no such ref, object or setting). */
export async function askOrNull(repo: Repo, args: string[], options: RunOptions = {}): Promise<string | null> {
  const result = await runGit(repo, args, { ...options, ok: [0, 1, 128] });
  return result.code === 0 ? result.out.replace(/\n$/, '') : null;
}

/** What another door to git threw (simple-git), as the error that this one throws. */
export function asGitError(args: string[], error: unknown): GitError {
  const result = error as { exitCode?: number; message?: string };
  return new GitError(args, result.exitCode ?? 128, (result.message ?? String(error)).trim());
}

/** Git said no. Becomes a person's message where nobody caught it with a better one. */
export class GitError extends Error {
  readonly code: number;
  readonly said: string;
  readonly args: string[];
  constructor(args: string[], code: number, said: string) {
    super(`git ${args[0] ?? ''} failed (${code}): ${said}`);
    this.name = 'GitError';
    this.code = code;
    this.said = said;
    this.args = args;
  }

  /** As the error that the entry prints. */
  asSessionError() {
    return stateError({ what: `git ${this.args[0] ?? ''} did not succeed.`, why: this.said || `It exited with ${this.code}.` }, this);
  }
}

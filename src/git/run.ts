/** The one place that starts git. Everything else in `src/git` asks here. */

import { stateError } from '../core/errors.ts';
import { gitEnv } from './env.ts';
import type { Located } from './locate.ts';
import { type Collected, collect, nodeSpawn } from './spawn.ts';

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

async function start(repo: Repo, args: string[], options: RunOptions): Promise<Collected & { code: number }> {
  const line = [...prefix(repo, options.globs === true), ...args];
  const env = gitEnv({ ...repo.env, ...options.env });
  const cwd = options.cwd ?? repo.top;
  const ran =
    options.terminal || options.timeoutMs
      ? await watched(line, { cwd, env, options })
      : await collect('git', line, { cwd, env, ...(options.input === undefined ? {} : { input: options.input }) });
  const code = ran.code ?? 128;
  if (!(options.ok ?? [0]).includes(code)) throw new GitError(args, code, text(ran.stderr).trim() || ran.failure);
  return { ...ran, code };
}

/** A git that may talk to the person or hang: through execa, which ends it in time and with us. */
async function watched(
  line: string[],
  { cwd, env, options }: { cwd: string; env: NodeJS.ProcessEnv; options: RunOptions },
): Promise<Collected> {
  const { execa } = await import('execa');
  const result = await execa('git', line, {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    encoding: 'buffer',
    ...(options.input === undefined ? { stdin: options.terminal ? ('inherit' as const) : ('ignore' as const) } : { input: options.input }),
    ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
    maxBuffer: 1 << 30,
  });
  return {
    code: result.exitCode ?? null,
    stdout: Buffer.from(result.stdout ?? []),
    stderr: Buffer.from(result.stderr ?? []),
    failure: result.failed && 'shortMessage' in result ? String(result.shortMessage) : '',
  };
}

/** As UTF-8, without a byte order mark. */
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Runs git in the repository; throws GitError on an exit code that `ok` does not name. */
export async function runGit(repo: Repo, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const { code, stdout, stderr } = await start(repo, args, options);
  return { code, out: text(stdout), err: text(stderr) };
}

/** A git that is talked to while it runs: its streams are pipes, nothing is buffered. `close` tells its exit code; it throws nothing. */
export function startGit(repo: Repo, args: string[]) {
  const child = nodeSpawn()('git', [...prefix(repo, false), ...args], { cwd: repo.top, env: gitEnv(repo.env), stdio: 'pipe' });
  // Where it could not be started, `close` says so too.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return child;
}

/** As runGit, for output that need not be UTF-8. */
export async function runBytes(repo: Repo, args: string[], options: RunOptions = {}): Promise<Buffer> {
  return (await start(repo, args, options)).stdout;
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

/** True where git, or the system through it, found no room to write. */
export function saysFull(said: string): boolean {
  return /no space left|out of diskspace|disk quota exceeded|file too large/i.test(said);
}

/** What is said to people then. */
export function fullDisk(said: string, cause?: unknown) {
  return stateError({ what: 'The disk is full.', why: said, next: 'Make room and run the same command again.' }, cause);
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
    if (saysFull(this.said))
      return stateError({ what: 'The disk is full.', why: this.said, next: 'Make room and run the same command again.' }, this);
    const why = this.said || `It exited with ${this.code}.`;
    return stateError(
      { what: `git ${this.args[0] ?? ''} did not succeed.`, why, next: 'Mend what git names, and run the same command again.' },
      this,
    );
  }
}

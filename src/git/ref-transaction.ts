/** Several refs moved at once or not at all: one `git update-ref --stdin`, held open between its `prepare` and its `commit`. */

import { type RefMove, zeroOid } from './refs.ts';
import { GitError, type Repo, saysFull, startGit } from './run.ts';

export interface RefTransaction {
  /** Process id of the git that holds the locks. */
  pid: number;
  /** Moves every ref. Throws RefsRefused where git could not. */
  commit(): Promise<void>;
  /** Lets every lock go; nothing has moved. */
  abort(): Promise<void>;
}

/** Why no ref moved: another value than expected, a name that is taken, a lock that somebody holds, or what git said. */
export class RefsRefused extends Error {
  readonly reason: 'moved' | 'taken' | 'locked' | 'other';
  readonly said: string;
  constructor(said: string) {
    super(`refs were not moved: ${said}`);
    this.name = 'RefsRefused';
    this.said = said;
    this.reason = saysFull(said)
      ? 'other'
      : /reference already exists/.test(said)
        ? 'taken'
        : /but expected|unable to resolve reference/.test(said)
          ? 'moved'
          : /\.lock': File exists|Unable to create .*lock|cannot lock/.test(said)
            ? 'locked'
            : 'other';
  }
}

/** Checks and locks every ref (`from` equal to `to`: it is only verified); returns with all of them locked and none moved. Throws RefsRefused. A killed caller lets git abort by itself. */
export async function prepareRefs(repo: Repo, moves: readonly RefMove[], reason: string): Promise<RefTransaction> {
  const child = startGit(repo, ['update-ref', '--stdin', '-m', reason]);
  let said = '';
  let complained = '';
  let wake = () => {};
  child.stdout.on('data', (data: Buffer) => {
    said += String(data);
    wake();
  });
  child.stderr.on('data', (data: Buffer) => {
    complained += String(data);
  });
  let code: number | null = null;
  const ended = new Promise<void>((resolve) => {
    child.on('close', (status) => {
      code = status ?? 128;
      wake();
      resolve();
    });
  });
  const until = async (word: string) => {
    while (!said.includes(`${word}: ok`) && code === null) await new Promise<void>((resolve) => (wake = resolve));
    if (!said.includes(`${word}: ok`)) throw new RefsRefused(complained.trim() || `git update-ref ended with ${code}`);
  };
  const lines = moves.map(({ ref, from, to }) => {
    const old = from ?? zeroOid(repo);
    if (to === null) return `delete ${ref} ${old}`;
    return from === to ? `verify ${ref} ${old}` : `update ${ref} ${to} ${old}`;
  });
  child.stdin.write(`${['start', ...lines, 'prepare'].join('\n')}\n`);
  await until('prepare');
  return {
    pid: child.pid ?? 0,
    commit: async () => {
      child.stdin.end('commit\n');
      await until('commit');
      await ended;
      if (code !== 0) throw new GitError(['update-ref'], code ?? 128, complained.trim());
    },
    abort: async () => {
      child.stdin.end('abort\n');
      await ended;
    },
  };
}

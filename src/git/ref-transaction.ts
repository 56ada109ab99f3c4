/** Several refs moved at once or not at all: one `git update-ref --stdin`, held open between its `prepare` and its `commit`. */

import { stateError } from '../core/errors.ts';
import { oidOf, type RefMove, zeroOid } from './refs.ts';
import { type Repo, saysFull, startGit } from './run.ts';

export interface RefTransaction {
  /** Process id of the git that holds the locks. */
  pid: number;
  /**
   * Moves every ref. git does not always manage all or none (a reflog that cannot be written): throws RefsRefused where none has moved,
   * RefsPartlyMoved where some have, and RefsCutShort where that git was killed.
   */
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
    this.reason =
      saysFull(said) || /permission denied|read-only file system/i.test(said)
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

/** Some refs have moved, and these have not. */
export class RefsPartlyMoved extends Error {
  readonly said: string;
  readonly left: readonly RefMove[];
  constructor(said: string, left: readonly RefMove[]) {
    super(`some refs were not moved: ${said}`);
    this.name = 'RefsPartlyMoved';
    this.said = said;
    this.left = left;
  }
}

/** The git that moves the refs was killed: whether they have moved is to be looked up, and its locks may be there still. */
export class RefsCutShort extends Error {
  constructor(signal: string) {
    super(`git was ended by ${signal} while it moved refs`);
    this.name = 'RefsCutShort';
  }

  /** As a person reads it (exit 1). */
  asSessionError() {
    return stateError(
      {
        what: 'git was killed while it moved the refs.',
        why: this.message,
        next: 'Run the same command again: it sees what moved, and goes on.',
      },
      this,
    );
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
  let killed: string | null = null;
  const ended = new Promise<void>((resolve) => {
    child.on('close', (status, signal) => {
      code = status ?? 128;
      killed = signal;
      wake();
      resolve();
    });
  });
  const why = () => complained.trim() || `git update-ref ended with ${code}`;
  const prepared = async () => {
    while (!said.includes('prepare: ok') && code === null) await new Promise<void>((resolve) => (wake = resolve));
    if (!said.includes('prepare: ok')) throw new RefsRefused(why());
  };
  const lines = moves.map(({ ref, from, to }) => {
    const old = from ?? zeroOid(repo);
    if (to === null) return `delete ${ref} ${old}`;
    return from === to ? `verify ${ref} ${old}` : `update ${ref} ${to} ${old}`;
  });
  child.stdin.write(`${['start', ...lines, 'prepare'].join('\n')}\n`);
  await prepared();
  return {
    pid: child.pid ?? 0,
    commit: async () => {
      child.stdin.end('commit\n');
      await ended;
      if (killed !== null) throw new RefsCutShort(killed);
      if (code === 0) return;
      const moving = moves.filter(({ from, to }) => from !== to);
      const left = await unmoved(repo, moving);
      if (left.length > 0) throw left.length === moving.length ? new RefsRefused(why()) : new RefsPartlyMoved(why(), left);
    },
    abort: async () => {
      child.stdin.end('abort\n');
      await ended;
    },
  };
}

/** Those that still stand where they stood. */
async function unmoved(repo: Repo, moves: readonly RefMove[]): Promise<RefMove[]> {
  const now = await Promise.all(moves.map(({ ref }) => oidOf(repo, ref)));
  return moves.filter(({ from }, i) => now[i] === from);
}

/** Moving files between the product and the session: on disk, in the records, and in a commit where nobody has staged them. */

import { lstatSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateError } from '../../core/errors.ts';
import type { Actor } from '../../core/log/record.ts';
import { oneLine } from '../../core/text/text.ts';
import { entriesAt, indexEntries, stagedAmong } from '../../git/entries.ts';
import { hashFiles } from '../../git/hash.ts';
import { moveInIndex } from '../../git/move.ts';
import type { Repo } from '../../git/run.ts';
import { operationInProgress } from '../../git/switch.ts';
import { beginAct } from '../../store/acts.ts';
import { makeFolders } from '../../store/in-tree.ts';
import { appendRecord } from '../../store/journal.ts';
import { requestCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Held } from '../checkpoint/held.ts';
import { currentSession, type Session } from '../session/session.ts';

export interface Move {
  /** Relative to the top. */
  from: string;
  to: string;
  /** The target is there and goes: its content is committed. */
  replaces?: boolean;
}

export interface Moved {
  moves: Move[];
  /** The commit that holds the moves; null where they are staged, wait, or are held. */
  commit: string | null;
  /** New places of files that somebody had staged: they stay staged. */
  staged: string[];
  /** Why the commit waits; else null. */
  waits: string | null;
  held: Held[];
}

/** The session checked out in this very worktree. Throws (exit 1) where there is none or it takes no more files. */
export async function sessionOfCheckout(repo: Repo): Promise<Session> {
  const session = await currentSession(repo);
  if (!session || session.worktree !== repo.top) {
    throw stateError({
      what: 'No session is checked out here.',
      next: 'Start one with: git session start <topic>, or go to one with: git session switch <id>',
    });
  }
  if (session.metadata.status !== 'active') {
    throw stateError({
      what: `${session.id} is ${session.metadata.status}; nothing more is put into it.`,
      next: 'git session list shows the others.',
    });
  }
  const operation = await operationInProgress(repo);
  if (operation) throw stateError({ what: `A ${operation} is in progress in this checkout.`, next: `Finish the ${operation} first.` });
  return session;
}

/** Refuses (exit 1) moves onto something, or onto each other. */
export async function refuseTaken(repo: Repo, moves: readonly Move[]): Promise<void> {
  const index = await indexEntries(
    repo,
    moves.map((move) => move.to),
  );
  const seen = new Map<string, string>();
  for (const { from, to } of moves) {
    const other = seen.get(to);
    if (other !== undefined) {
      throw stateError({
        what: `${oneLine(other)} and ${oneLine(from)} would both become ${oneLine(to)}.`,
        next: 'Rename one of them first.',
      });
    }
    seen.set(to, from);
    if (!index.get(to) && !lstatSync(join(repo.top, to), { throwIfNoEntry: false })) continue;
    throw stateError({
      what: `${oneLine(to)} is there already; nothing was moved.`,
      next: `Rename one of the two first (the other is ${oneLine(from)}).`,
    });
  }
}

export interface MoveOptions {
  event: 'adopt' | 'promote';
  actor: Actor;
  task: string | null;
  /** Subject of the commit. */
  subject: string;
  /** It takes such an act back: not an act of its own. */
  undoes?: boolean;
  /** Leave it staged instead of committing it: what routing would hold back. */
  stage?: boolean;
}

/** Carries checked moves out. Where one fails, those before it are taken back and the error thrown. */
export async function moveFiles(repo: Repo, session: Session, moves: readonly Move[], options: MoveOptions): Promise<Moved> {
  const paths = moves.map((move) => move.from);
  const [tip, staged] = await Promise.all([entriesAt(repo, session.tip, paths), stagedAmong(repo, session.tip, paths)]);
  const index = await indexEntries(repo, paths);
  const inIndex = (from: string) => Boolean(index.get(from)) && (staged.has(from) || options.stage === true);
  const targets = await indexEntries(
    repo,
    moves.map((move) => move.to),
  );
  const replaced = ({ to, replaces }: Move) => (replaces ? (targets.get(to)?.oid ?? null) : null);
  const files = moves.map((move) => ({ from: move.from, to: move.to, replaced: replaced(move) }));
  const act = options.undoes
    ? null
    : beginAct(repo.commonDir, { name: options.event, session: session.id, top: repo.top, effects: { files } });
  const done: Move[] = [];
  try {
    for (const move of moves) {
      await moveOne(repo, move, inIndex(move.from));
      done.push(move);
    }
  } catch (error) {
    for (const { from, to } of done.reverse()) await moveOne(repo, { from: to, to: from }, inIndex(from));
    act?.failed();
    throw error;
  }
  for (const { from } of moves) dropEmptyFolders(repo.top, dirname(from));
  await record(repo, session, moves, tip, options);
  act?.done();
  const own = moves.filter((move) => !inIndex(move.from));
  const outcome = {
    moves: [...moves],
    commit: null,
    staged: moves.filter((move) => inIndex(move.from)).map((move) => move.to),
    waits: null,
    held: [],
  };
  if (own.length === 0 || options.stage) return outcome;
  const { commit, queued, waits, held } = await requestCheckpoint(repo, session, {
    // A file that the branch never held leaves nothing to commit.
    files: own.flatMap(({ from, to }) => (tip.get(from) ? [from, to] : [to])),
    event: options.event,
    wait: true,
    subject: options.subject,
    ...(options.task === null ? {} : { task: options.task }),
  });
  return { ...outcome, commit, waits: queued ? (waits ?? 'another process is committing') : null, held };
}

async function moveOne(repo: Repo, { from, to, replaces }: Move, inIndex: boolean): Promise<void> {
  makeFolders(repo.top, dirname(to));
  if (inIndex) await moveInIndex(repo, from, to, replaces === true);
  else renameSync(join(repo.top, from), join(repo.top, to));
}

/** What a folder held has gone: git would not keep it either. */
function dropEmptyFolders(top: string, folder: string): void {
  try {
    for (let dir = folder; dir !== '.'; dir = dirname(dir)) rmdirSync(join(top, dir));
  } catch {
    // It holds something else.
  }
}

/** The old place is gone where the branch knew it, the new one is there, and where it came from is kept. */
async function record(
  repo: Repo,
  session: Session,
  moves: readonly Move[],
  tip: ReadonlyMap<string, unknown>,
  { event, actor, task }: MoveOptions,
): Promise<void> {
  const blobs = await hashFiles(
    repo,
    moves.map((move) => move.to),
  );
  for (const [n, { from, to }] of moves.entries()) {
    if (tip.get(from))
      appendRecord(repo.commonDir, session.id, { kind: 'file.edited', actor, data: { path: from, blob: null, task, via: event } });
    appendRecord(repo.commonDir, session.id, {
      kind: 'file.edited',
      actor,
      data: { path: to, blob: blobs[n] ?? null, task, via: event, from },
    });
  }
}

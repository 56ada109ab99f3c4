/**
 * A worktree's index changed under git's own protocol: whoever has linked `index.lock` may replace `index`. The lock is a hard link to an
 * inode that the caller has written down before, so that after a kill it is known whose lock it is: there is no instant at which
 * `index.lock` exists and could not be proved ours.
 */

import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stateError } from '../core/errors.ts';
import type { Entry, FileMode } from '../core/session/checkpoint.ts';
import { GitError, type Repo, runGit } from './run.ts';

export interface IndexChange {
  path: string;
  oid: string | null;
  mode: FileMode;
}

/** What a commit changes, as changes of the index. */
export function indexChanges(changes: readonly { path: string; after: Entry }[]): IndexChange[] {
  return changes.map(({ path, after }) => ({ path, oid: after?.oid ?? null, mode: after?.mode ?? '100644' }));
}

const indexOf = (gitDir: string) => join(gitDir, 'index');
const lockOf = (gitDir: string) => join(gitDir, 'index.lock');

/** What tells two versions of the index apart without reading them; every git replaces the file. */
export function indexStamp(gitDir: string): string {
  const stat = statSync(indexOf(gitDir), { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : 'none';
}

/** A copy of the index at `side`; none where there is no index. */
function copyIndex(gitDir: string, side: string): void {
  rmSync(side, { force: true });
  try {
    const { atimeMs, mtimeMs } = statSync(indexOf(gitDir));
    copyFileSync(indexOf(gitDir), side);
    // git takes a file for unchanged by its times and size, and looks at the content only where the file is as young as the index: a copy
    // that is younger than its original would hide a change that was made in the same second, and the next commit would leave it out.
    utimesSync(side, Math.floor(atimeMs) / 1000, Math.floor(mtimeMs) / 1000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The index under another name, for a git that is told to work there: git replaces the file and never writes into it, so nothing is copied. */
export function linkIndex(gitDir: string, side: string): void {
  rmSync(side, { force: true });
  try {
    if (lstatSync(indexOf(gitDir)).isFile()) {
      linkSync(indexOf(gitDir), side);
      return;
    }
  } catch {
    // There is none, or it is another user's, which Linux lets nobody link to.
  }
  copyIndex(gitDir, side);
}

/** Looks at the working tree through a copy of the index in which every unchanged file is known as that, whatever its times say (a copied or touched tree). */
export async function withRefreshedLook<T>(repo: Repo, look: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'git-session-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    copyIndex(repo.gitDir, env.GIT_INDEX_FILE);
    await runGit(repo, ['update-index', '-q', '--refresh'], { ok: [0, 1, 128], env });
    return await look(env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of the index at `side` with the changes put in (blobs and modes, whatever the working tree holds). Throws GitError, also where git leaves a path out. */
export async function copyIndexWith(repo: Repo, side: string, changes: readonly IndexChange[]): Promise<void> {
  linkIndex(repo.gitDir, side);
  const zero = '0'.repeat(repo.objectFormat === 'sha256' ? 64 : 40);
  const removed = changes.filter((change) => change.oid === null).map(({ path }) => `0 ${zero}\t${path}\0`);
  const put = changes.filter((change) => change.oid !== null).map(({ path, oid, mode }) => `${mode} ${oid}\t${path}\0`);
  const args = ['update-index', '--add', '--replace', '-z', '--index-info'];
  const { code, err } = await runGit(repo, args, { env: { GIT_INDEX_FILE: side }, input: [...removed, ...put].join('') });
  // A path that it does not take it leaves out, and calls that success; committed and not in the index, the next commit would delete it.
  if (/^Ignoring path /m.test(err)) throw new GitError(args, code, err.trim());
}

/** A new empty file whose inode is written down before it becomes a lock. */
export function makeLockFile(path: string): string {
  rmSync(path, { force: true });
  writeFileSync(path, '', { flag: 'wx' });
  return inodeOf(path) ?? '';
}

function inodeOf(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : null;
}

/** Takes the index of a git dir with the prepared file; false where somebody holds it. */
export function linkIndexLock(gitDir: string, file: string): boolean {
  try {
    linkSync(file, lockOf(gitDir));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** True where `index.lock` is the file of that inode. */
export function isOurLock(gitDir: string, inode: string): boolean {
  return inodeOf(lockOf(gitDir)) === inode;
}

/** The copy becomes the index. The caller holds the lock. */
export function replaceIndex(gitDir: string, side: string): void {
  renameSync(side, indexOf(gitDir));
}

/** Lets the index go, where the lock is still ours. */
export function unlinkIndexLock(gitDir: string, inode: string): void {
  if (isOurLock(gitDir, inode)) rmSync(lockOf(gitDir), { force: true });
}

/** What proves after a kill that `index.lock` of a git dir is ours: the prepared file, whose inode it is, beside which the copy lies. */
export interface IndexClaim {
  gitDir: string;
  file: string;
  inode: string;
}

const copyBeside = (file: string) => `${file}.copy`;
/** So long a git that has the index for a moment is waited for. */
const HELD_MS = 2000;
let serial = 0;

/**
 * Holds the index while `act` works on a copy of it, which becomes the index where `act` ends well. `onClaim` is told before the index is
 * taken. Throws (exit 1) where another git has it.
 */
export async function withIndexCopy(repo: Repo, onClaim: (claim: IndexClaim) => void, act: (side: string) => Promise<void>): Promise<void> {
  const { gitDir } = repo;
  const file = join(gitDir, `git-session-index.${process.pid}.${serial++}`);
  const claim = { gitDir, file, inode: makeLockFile(file) };
  try {
    onClaim(claim);
    for (const until = Date.now() + HELD_MS; !linkIndexLock(gitDir, file); await pause(5 + Math.random() * 20)) {
      if (Date.now() > until || isStuck(gitDir)) throw heldIndex(repo);
    }
    copyIndex(gitDir, copyBeside(file));
    await act(copyBeside(file));
    replaceIndex(gitDir, copyBeside(file));
  } finally {
    dropClaim(claim);
  }
}

/** Lets the index go where the lock is that claim's, and removes what belongs to it. */
export function dropClaim({ gitDir, file, inode }: IndexClaim): void {
  unlinkIndexLock(gitDir, inode);
  for (const path of [file, copyBeside(file)]) rmSync(path, { force: true });
}

/** Refuses (exit 1) while another git holds this checkout's index, after waiting for it. */
export async function refuseHeldIndex(repo: Repo): Promise<void> {
  for (const until = Date.now() + HELD_MS; existsSync(lockOf(repo.gitDir)); await pause(10 + Math.random() * 40)) {
    if (Date.now() >= until || isStuck(repo.gitDir)) throw heldIndex(repo);
  }
}

/** So old a lock of the index is waited for no longer. */
const STUCK_MS = 10_000;

/** True where another git has held the index for longer than anybody waits. */
export function isStuck(gitDir: string): boolean {
  const stat = statSync(lockOf(gitDir), { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > STUCK_MS;
}

function heldIndex({ gitDir, top }: Repo) {
  return stateError({ what: `Another git has the index of ${top}, so nothing was moved.`, ...whileHeld(lockOf(gitDir)) });
}

/** What is said where a lock of git's own is in the way. */
export function whileHeld(lock: string) {
  return {
    why: `${lock} is there: a commit whose editor is open, or what a git left that was killed.`,
    next: 'Finish that commit, or delete the file if no git is at work there, and run the same command again.',
  };
}

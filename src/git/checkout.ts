/** Moving a checkout from one commit's files to another's, keeping what is uncommitted. HEAD and refs are not touched here. */

import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles } from './hash.ts';
import { type IndexClaim, withIndexCopy, withRefreshedLook } from './index-file.ts';
import { diffTrees } from './objects.ts';
import { GitError, type Repo, runBytes, runGit, startGit } from './run.ts';

/** Uncommitted files are in the way; nothing was moved. */
export class CheckoutBlocked extends Error {
  readonly top: string;
  readonly paths: string[];
  readonly said: string;
  constructor(top: string, said: string) {
    super(`the checkout ${top} cannot move: ${said}`);
    this.name = 'CheckoutBlocked';
    this.top = top;
    this.said = said;
    this.paths = [...said.matchAll(/(?:Entry|working tree file|directory) '([^']+)'/g)].map((match) => match[1] ?? '');
  }
}

export interface MoveOptions {
  /** Only ask whether it could move. */
  dryRun?: boolean;
  /** Told the process id of the git that moves it, before it can have ended. */
  onStart?: (pid: number) => void;
  /** Told what proves the lock of the index ours, before it is taken. */
  onClaim?: (claim: IndexClaim) => void;
}

/**
 * Moves index and files of the checkout `repo` from `from` to `to` (two-way `read-tree -m -u`): uncommitted changes stay, or CheckoutBlocked
 * is thrown. Where git fails while it writes (a full disk), what it has written is taken back and GitError is thrown. Throws (exit 1) where
 * another git has the index.
 */
export async function moveCheckout(repo: Repo, from: string, to: string, options: MoveOptions = {}): Promise<void> {
  if (options.dryRun) return couldMove(repo, from, to);
  try {
    await withIndexCopy(repo, options.onClaim ?? (() => {}), async (side) => {
      const env = { GIT_INDEX_FILE: side };
      await runGit(repo, ['update-index', '-q', '--refresh'], { ok: [0, 1, 128], env });
      await readTree(repo, [from, to], env, options.onStart ?? (() => {}));
    });
  } catch (error) {
    if (error instanceof GitError && error.code !== KILLED) await takeBackMove(repo, from, to);
    throw error;
  }
}

/** Throws CheckoutBlocked where it could not move. git alone takes a file whose times have changed for one that was edited. */
async function couldMove(repo: Repo, from: string, to: string): Promise<void> {
  const asked = (env: Record<string, string>) => readTree(repo, ['-n', from, to], env, () => {});
  try {
    await asked({});
  } catch (error) {
    if (!(error instanceof CheckoutBlocked)) throw error;
    await withRefreshedLook(repo, asked);
  }
}

/** The code of a git that was killed: its caller is about to be, too, and what it has written is taken back by whoever comes next. */
const KILLED = 137;

async function readTree(repo: Repo, args: string[], env: Record<string, string>, onStart: (pid: number) => void): Promise<void> {
  const child = startGit({ ...repo, env: { ...repo.env, ...env } }, ['read-tree', '-m', '-u', ...args]);
  if (child.pid !== undefined) onStart(child.pid);
  child.stdin.end();
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += String(data);
  });
  child.stdout.resume();
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (exitCode === 0) return;
  const blocked = new CheckoutBlocked(repo.top, said.trim() || `git read-tree ended with ${exitCode}`);
  // git names what is in the way before it touches anything.
  if (blocked.paths.length > 0 || args[0] === '-n') throw blocked;
  throw new GitError(['read-tree'], exitCode ?? KILLED, said.trim());
}

/**
 * Takes back a move that was cut short anywhere: index and files of the paths that differ are `from`'s again; files that hold neither side's
 * content, nor the beginning of what was being written, are left alone. A checkout that never moved stays as it is.
 */
export async function takeBackMove(repo: Repo, from: string, to: string): Promise<void> {
  const changes = await diffTrees(repo, from, to);
  if (changes.length === 0) return;
  const index = await indexEntries(repo);
  const moved = changes.every(({ path, newOid, status }) => (index.get(path) ?? null) === (status === 'D' ? null : newOid));
  if (moved) {
    await moveCheckout(repo, to, from);
    return;
  }
  // The index still says `from`: git writes it last. Files may be `to`'s already, or half of one.
  const files = changes.map((change) => change.path);
  const hashes = await hashFiles(repo, files);
  const restore: string[] = [];
  for (const [i, { path, status, oldOid, newOid }] of changes.entries()) {
    const now = hashes[i] ?? null;
    if (status !== 'A' && now === oldOid) continue;
    const written = status !== 'D' && now !== null && (now === newOid || (await isBeginning(repo, path, newOid)));
    const removed = now === null && status !== 'A' && statSync(join(repo.top, path), { throwIfNoEntry: false }) === undefined;
    // A path that `from`'s index holds and the person changed: not ours to touch.
    if (!written && !removed) continue;
    if (status === 'A') {
      // What the index holds by now, somebody has added.
      if (!index.has(path)) rmSync(join(repo.top, path), { force: true });
    } else if (index.get(path) === oldOid) restore.push(path);
  }
  await restoreFromIndex(repo, restore);
}

/** Files of these paths are the index's again. */
export async function restoreFromIndex(repo: Repo, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await runGit(repo, ['checkout-index', '-f', '-z', '--stdin'], { input: paths.map((path) => `${path}\0`).join('') });
}

/** Which of these paths exist on disk with another content than the index has, or without being in it. */
export async function uncommittedAmong(repo: Repo, paths: readonly string[]): Promise<{ changed: string[]; untracked: string[] }> {
  const list = async (kind: string) => (await runGit(repo, ['ls-files', '-z', kind, '--', ...paths])).out.split('\0').filter(Boolean);
  const there = (path: string) => statSync(join(repo.top, path), { throwIfNoEntry: false })?.isFile() === true;
  const [changed, untracked] = await Promise.all([list('--modified'), list('--others')]);
  return { changed: [...new Set(changed)].filter(there), untracked: untracked.filter(there) };
}

/** Blob ids of the index by path (stage 0). */
async function indexEntries(repo: Repo): Promise<Map<string, string>> {
  const { out } = await runGit(repo, ['ls-files', '-s', '-z']);
  const rows = out.split('\0').filter(Boolean);
  return new Map(rows.map((row) => [row.slice(row.indexOf('\t') + 1), row.split(' ')[1] ?? '']));
}

/** True where the file holds the beginning of the blob as it would be checked out: git was killed while writing it. */
async function isBeginning(repo: Repo, path: string, oid: string): Promise<boolean> {
  const whole = await readFiltered(repo, path, oid);
  try {
    const there = readFileSync(join(repo.top, path));
    return there.length < whole.length && whole.subarray(0, there.length).equals(there);
  } catch {
    return false;
  }
}

/** A blob's bytes as the file at that path would hold them. */
export function readFiltered(repo: Repo, path: string, oid: string): Promise<Buffer> {
  return runBytes(repo, ['cat-file', '--filters', `--path=${path}`, oid]);
}

/** Short name of the branch that HEAD of this checkout names is another one from now on; index and files stay. */
export async function pointHead(repo: Repo, branch: string, reason: string): Promise<void> {
  await runGit(repo, ['symbolic-ref', '-m', reason, 'HEAD', `refs/heads/${branch}`]);
}

/** HEAD of this checkout names a commit and no branch from now on; index and files stay. */
export async function detachHead(repo: Repo, commit: string, reason: string): Promise<void> {
  await runGit(repo, ['update-ref', '--no-deref', '-m', reason, 'HEAD', commit]);
}

/** Reading and writing blobs, trees and commits. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, askOrNull, type Repo, runBytes, runGit } from './run.ts';

/** A file's text at a commit or tree, or null where the path is not a blob there. */
export async function readAt(repo: Repo, treeish: string, path: string): Promise<string | null> {
  return askText(repo, `${treeish}:${path}`);
}

/** A blob's text by id, or null. */
export function readBlob(repo: Repo, oid: string): Promise<string | null> {
  return askText(repo, oid);
}

async function askText(repo: Repo, object: string): Promise<string | null> {
  const result = await runGit(repo, ['cat-file', 'blob', object], { ok: [0, 1, 128] });
  return result.code === 0 ? result.out : null;
}

/** A blob's bytes by id. Throws GitError where there is none. */
export function readBlobBytes(repo: Repo, oid: string): Promise<Buffer> {
  return runBytes(repo, ['cat-file', 'blob', oid]);
}

/** Id of the blob or tree at a path of a commit or tree, or null. */
export function oidAt(repo: Repo, treeish: string, path: string): Promise<string | null> {
  return askOrNull(repo, ['rev-parse', '--quiet', '--verify', '--end-of-options', `${treeish}:${path}`]);
}

/** Writes a blob as it is (no filters) and returns its id. */
export function writeBlob(repo: Repo, content: string | Uint8Array): Promise<string> {
  return ask(repo, ['hash-object', '-w', '--stdin'], { input: content });
}

export interface TreeRow {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  oid: string;
  /** Bytes; null for trees and submodules. */
  size: number | null;
  path: string;
}

/** Every file below `path` (or the whole tree) of a commit or tree, recursively. */
export async function listTree(repo: Repo, treeish: string, paths: string[] = []): Promise<TreeRow[]> {
  const out = await ask(repo, ['ls-tree', '-r', '-z', '-l', '--full-tree', treeish, '--', ...paths]);
  return out
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const tab = row.indexOf('\t');
      const [mode = '', type = '', oid = '', size = ''] = row.slice(0, tab).split(/ +/);
      return { mode, type: type as TreeRow['type'], oid, size: size === '-' ? null : Number(size), path: row.slice(tab + 1) };
    });
}

/** What lies directly in a folder of a commit or tree; empty where there is no such folder. */
export async function listFolder(
  repo: Repo,
  treeish: string,
  folder: string,
): Promise<{ name: string; type: TreeRow['type']; oid: string }[]> {
  const out = await askOrNull(repo, ['ls-tree', '-z', '--end-of-options', `${treeish}:${folder}`]);
  return (out ?? '')
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const tab = row.indexOf('\t');
      const [, type = '', oid = ''] = row.slice(0, tab).split(' ');
      return { name: row.slice(tab + 1), type: type as TreeRow['type'], oid };
    });
}

export interface Change {
  status: 'A' | 'M' | 'D' | 'T';
  path: string;
  oldMode: string;
  newMode: string;
  oldOid: string;
  newOid: string;
}

/** Paths that differ between two commits or trees, without rename detection. */
export async function diffTrees(repo: Repo, from: string, to: string, paths: string[] = []): Promise<Change[]> {
  return parseChanges(await ask(repo, [...DIFF_TREE, from, to, '--', ...paths]));
}

const DIFF_TREE = ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--full-index', '--no-commit-id'];

/** What `tip` changed since it forked from `from` (the diff from their merge base); null where they share no commit. */
export async function changesSinceFork(repo: Repo, from: string, tip: string): Promise<Change[] | null> {
  const out = await askOrNull(repo, [...DIFF_TREE, '--merge-base', from, tip]);
  return out === null ? null : parseChanges(out);
}

function parseChanges(out: string): Change[] {
  const fields = out.split('\0');
  const changes: Change[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = (fields[i] ?? '').replace(/^:/, '').split(' ');
    changes.push({ status: status[0] as Change['status'], path: fields[i + 1] ?? '', oldMode, newMode, oldOid, newOid });
  }
  return changes;
}

/** A change to a tree: a blob put at a path, or (`oid` null) the path removed. */
export interface TreeEdit {
  path: string;
  oid: string | null;
  mode?: '100644' | '100755' | '120000';
}

/** The tree `treeish` with edits applied, through a temporary index; nothing of the person's index is touched. Returns the new tree. */
export async function editTree(repo: Repo, treeish: string | null, edits: TreeEdit[]): Promise<string> {
  return withTemporaryIndex(async (env) => {
    if (treeish) await runGit(repo, ['read-tree', treeish], { env });
    const zero = '0'.repeat(repo.objectFormat === 'sha256' ? 64 : 40);
    const input = edits.map((e) => (e.oid === null ? `0 ${zero}\t${e.path}\0` : `${e.mode ?? '100644'} ${e.oid}\t${e.path}\0`)).join('');
    await runGit(repo, ['update-index', '--add', '-z', '--index-info'], { env, input });
    return ask(repo, ['write-tree'], { env });
  });
}

/** Runs `use` with GIT_INDEX_FILE set to a fresh path outside the repository's index; removed afterwards. */
async function withTemporaryIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'git-session-index-'));
  try {
    return await use({ GIT_INDEX_FILE: join(dir, 'index') });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export interface CommitInfo {
  oid: string;
  tree: string;
  parents: string[];
  authorName: string;
  authorEmail: string;
  /** ISO strict. */
  authorDate: string;
  committerDate: string;
  message: string;
}

const COMMIT_FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cI%x00%B%x01';

/** Commits of `git log` for the given revision arguments, newest first; bodies whole. */
export async function listCommits(repo: Repo, revisions: string[]): Promise<CommitInfo[]> {
  const out = (await runGit(repo, ['log', `--format=${COMMIT_FORMAT}`, '--end-of-options', ...revisions])).out;
  return out
    .split('\x01\n')
    .filter((row) => row.includes('\0'))
    .map((row) => {
      const [oid = '', tree = '', parents = '', authorName = '', authorEmail = '', authorDate = '', committerDate = '', message = ''] =
        row.split('\0');
      return { oid, tree, parents: parents.split(' ').filter(Boolean), authorName, authorEmail, authorDate, committerDate, message };
    });
}

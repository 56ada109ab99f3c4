/** Reads what a manifest speaks of, in few processes. */

import { createHash } from 'node:crypto';
import { parseLogPath } from '../../core/log-path.ts';
import type { Manifest } from '../../core/manifest.ts';
import { parseMetadata, type SessionMetadata, sessionPaths } from '../../core/metadata.ts';
import { short } from '../../core/verify/finding.ts';
import { isSealPath } from '../../core/verify/seal.ts';
import { type GitObject, readMany, statMany } from '../../git/batch.ts';
import { diffMany } from '../../git/diff-many.ts';
import { type MergedTree, mergeTree } from '../../git/merge-tree.ts';
import { type Change, listTree, type TreeRow } from '../../git/objects.ts';
import { patchId } from '../../git/patch-id.ts';
import type { Repo } from '../../git/run.ts';

/** A file's blob and bytes. */
export interface FileAt {
  blob: string;
  size: number;
}

export interface Evidence {
  /** Of the seal. */
  parents: string[];
  /** Paths that differ from tip to seal, from checked to landed tree, and from base to checked tree. */
  sealing: Change[];
  afterChecks: Change[];
  changed: Change[];
  /** What the seal has of the files that the manifest names: text, and hex sha256. */
  texts: Map<string, string>;
  digests: Map<string, string>;
  metadata: SessionMetadata | null;
  /** The tip's. */
  before: SessionMetadata | null;
  /** Path to blob of every file that the seal left under the session's own paths, artifacts aside. */
  sealed: Map<string, string>;
  /** Texts of the tip's log files. */
  tipLogs: string[];
  /** Artifacts of the tip. */
  artifacts: Map<string, FileAt>;
  /** Base's tree. */
  baseTree: string;
  checked: MergedTree;
  landed: MergedTree;
  patchId: string | null;
}

/** Everything, or the names of the objects that this clone does not have. */
export async function gatherEvidence(repo: Repo, manifest: Manifest): Promise<Evidence | { missing: string[] }> {
  const at = sessionPaths(manifest.session);
  const wanted = [
    ['the seal', manifest.seal, 'commit'],
    ['the tip', manifest.tip, 'commit'],
    ['the base', manifest.base, 'commit'],
    ['the checked tree', manifest.checked_tree, 'tree'],
    ['the landed tree', manifest.landed_tree, 'tree'],
  ] as const;
  const paths = Object.keys(manifest.files);
  const [seal, tip, base, checkedTree, landedTree, metadata, before, ...files] = await readMany(repo, [
    ...wanted.map(([, oid]) => oid),
    `${manifest.seal}:${at.metadata}`,
    `${manifest.tip}:${at.metadata}`,
    ...paths.map((path) => `${manifest.seal}:${path}`),
  ]);
  const found = [seal, tip, base, checkedTree, landedTree];
  const missing = wanted.flatMap(([name, oid, type], i) => (found[i]?.type === type ? [] : [`${name} ${short(oid)}`]));
  if (missing.length > 0) return { missing };
  const own = [at.metadata, at.summary, at.metrics, at.inventory, at.backup, `${at.log}/`, `${at.artifacts}/`];
  const [[sealing = [], afterChecks = [], changed = []], rows, checked, landed, patch] = await Promise.all([
    diffMany(repo, [
      [headerOf(tip, 'tree'), headerOf(seal, 'tree')],
      [manifest.checked_tree, manifest.landed_tree],
      [headerOf(base, 'tree'), manifest.checked_tree],
    ]),
    listTree(repo, manifest.tip, own),
    mergeTree(repo, manifest.base, manifest.tip),
    mergeTree(repo, manifest.base, manifest.seal),
    patchId(repo, manifest.base, manifest.checked_tree),
  ]);
  const logs = rows.filter(({ path }) => parseLogPath(manifest.session, path));
  const tipLogs = await readMany(
    repo,
    logs.map(({ oid }) => oid),
  );
  const blobs = paths.flatMap((path, i): [string, Buffer][] => (files[i]?.type === 'blob' ? [[path, files[i].body]] : []));
  return {
    parents: headersOf(seal, 'parent'),
    sealing,
    afterChecks,
    changed,
    texts: new Map(blobs.map(([path, body]) => [path, body.toString('utf8')])),
    digests: new Map(blobs.map(([path, body]) => [path, createHash('sha256').update(body).digest('hex')])),
    metadata: parseMetadata(textOf(metadata)),
    before: parseMetadata(textOf(before)),
    sealed: sealedFiles(manifest, rows, sealing),
    tipLogs: tipLogs.map(textOf),
    artifacts: new Map(
      rows.filter(({ path }) => path.startsWith(`${at.artifacts}/`)).map(({ path, oid, size }) => [path, { blob: oid, size: size ?? 0 }]),
    ),
    baseTree: headerOf(base, 'tree'),
    checked,
    landed,
    patchId: patch,
  };
}

const textOf = (object: GitObject | null | undefined) => object?.body.toString('utf8') ?? '';

/** Values of a commit's header. */
function headersOf(commit: GitObject | null | undefined, name: string): string[] {
  const head = textOf(commit).split('\n\n', 1)[0] ?? '';
  return head.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
}

const headerOf = (commit: GitObject | null | undefined, name: string) => headersOf(commit, name)[0] ?? '';

/** The tip's own files with the seal's changes. */
function sealedFiles(manifest: Manifest, tip: readonly TreeRow[], sealing: readonly Change[]): Map<string, string> {
  const isOwn = ({ path }: { path: string }) => isSealPath(manifest.session, path);
  const files = new Map(tip.filter(isOwn).map(({ path, oid }) => [path, oid]));
  for (const { path, status, newOid } of sealing.filter(isOwn)) {
    if (status === 'D') files.delete(path);
    else files.set(path, newOid);
  }
  return files;
}

/** Blob and bytes of files at a commit, by path; those that are not there are left out. */
export async function filesAt(repo: Repo, commit: string, paths: readonly string[]): Promise<Map<string, FileAt>> {
  // A path with a newline cannot be asked for in a batch.
  const plain = paths.filter((path) => !path.includes('\n'));
  const odd = paths.filter((path) => path.includes('\n'));
  const found = await statMany(
    repo,
    plain.map((path) => `${commit}:${path}`),
  );
  const files = new Map<string, FileAt>();
  plain.forEach((path, i) => {
    const object = found[i];
    if (object) files.set(path, { blob: object.oid, size: object.size });
  });
  for (const row of odd.length > 0 ? await listTree(repo, commit, odd) : []) files.set(row.path, { blob: row.oid, size: row.size ?? 0 });
  return files;
}

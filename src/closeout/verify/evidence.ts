/** Reads what manifests speak of: a handful of processes for many sessions together. */

import { createHash } from 'node:crypto';
import type { Manifest } from '../../core/closeout/manifest.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import { parseValuePath } from '../../core/memory/large-value.ts';
import { parseMetadata, type SessionMetadata, sessionPaths } from '../../core/session/metadata.ts';
import type { Finding } from '../../core/verify/finding.ts';
import { isSealPath } from '../../core/verify/seal.ts';
import { dateOfLine } from '../../core/verify/times.ts';
import { type GitObject, readNamed, statMany } from '../../git/batch.ts';
import { diffMany, listMany } from '../../git/diff-many.ts';
import { type MergedTree, mergeTrees } from '../../git/merge-tree.ts';
import { type Change, listTree } from '../../git/objects.ts';
import { patchIds } from '../../git/patch-id.ts';
import type { Repo } from '../../git/run.ts';
import { lessonsTree } from '../prepare/lessons.ts';
import { readDocuments, type SealedDocuments } from './documents.ts';
import { fixedPaths, foldersOf, missingOf, namesOf, neededBy, type Objects } from './evidence-names.ts';

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
  documents: SealedDocuments | { findings: Finding[] };
  metadata: SessionMetadata | null;
  /** The tip's. */
  before: SessionMetadata | null;
  /** When the tip was committed; null where it does not say. */
  tipAt: Date | null;
  /** Path to blob of every file that the seal left under the session's own paths, artifacts aside. */
  sealed: Map<string, string>;
  /** Texts of the tip's log files. */
  tipLogs: string[];
  /** Values too large for a line, by their digest, as the seal's log and the tip's have them. */
  values: { seal: Map<string, string>; tip: Map<string, string> };
  /** Files of the tip: every artifact, and what the inventory names. */
  files: Map<string, FileAt>;
  artifacts: string[];
  /** Merging the tip, and the seal, into base; null where git cannot merge them at all. */
  checked: MergedTree | null;
  landed: MergedTree | null;
  patchId: string | null;
}

export interface Missing {
  /** Names of the objects that this clone does not have. */
  missing: string[];
}

/** For each manifest everything, or what is missing. */
export async function gatherEvidence(repo: Repo, manifests: readonly Manifest[]): Promise<(Evidence | Missing)[]> {
  const found = await readNamed(repo, manifests.flatMap(namesOf));
  const merged = await mergedNow(
    repo,
    manifests.filter((manifest) => missingOf(manifest, found).length > 0),
  );
  const object: Objects = (name) => found(name) ?? merged(name);
  const missing = manifests.map((manifest) => missingOf(manifest, object));
  const whole = manifests.filter((_, i) => missing[i]?.length === 0);
  const evidence = await gatherWhole(repo, whole, object);
  return missing.map((names) => (names.length > 0 ? { missing: names } : (evidence.shift() as Evidence)));
}

/**
 * Where base had moved, the tree that was checked is in no commit, and neither is the one to be landed where base moved again: merging makes the
 * same ones anew, if they are what the manifest says. Lessons alone are not merged.
 */
async function mergedNow(repo: Repo, lacking: readonly Manifest[]): Promise<Objects> {
  const merging = lacking.filter(({ lessons_only }) => !lessons_only);
  await mergeTrees(repo, merging.flatMap(pairsOf));
  return readNamed(
    repo,
    merging.flatMap(({ checked_tree, landed_tree }) => [checked_tree, landed_tree]),
  );
}

/** Base with the tip, and with the seal. */
const pairsOf = ({ base, tip, seal }: Manifest): [string, string][] => [
  [base, tip],
  [base, seal],
];

/**
 * Path to blob of every file that the seals have under their sessions' own paths, artifacts aside, as Evidence's `sealed`; null where an
 * object is missing. Two processes.
 */
export async function sealedBy(repo: Repo, manifests: readonly Manifest[]): Promise<(Evidence['sealed'] | null)[]> {
  const pathsOf = (manifest: Manifest) => [...fixedPaths(manifest), sessionPaths(manifest.session).log];
  const rows = manifests.map((manifest) => [
    ...neededBy(manifest).map(([, oid]) => oid),
    ...pathsOf(manifest).map((path) => `${manifest.seal}:${path}`),
  ]);
  const infos = await statMany(repo, rows.flat());
  const found = rows.map((row) => infos.splice(0, row.length));
  const folders = found.map((row) => row.at(-1)).flatMap((info) => (info?.type === 'tree' ? [info.oid] : []));
  const listings = new Map((await listMany(repo, folders)).map((listing, i) => [folders[i], listing]));
  return manifests.map((manifest, i) => {
    const row = found[i] ?? [];
    const needed = neededBy(manifest);
    if (needed.some(([, , type], n) => row[n]?.type !== type)) return null;
    const at = fixedPaths(manifest).flatMap((path, n) => pair(path, row[needed.length + n]?.oid));
    const { log } = sessionPaths(manifest.session);
    const logs = [...(listings.get(row.at(-1)?.oid) ?? [])].map(([path, oid]): [string, string] => [`${log}/${path}`, oid]);
    return new Map([...logs, ...at]);
  });
}

async function gatherWhole(repo: Repo, manifests: readonly Manifest[], object: Objects): Promise<Evidence[]> {
  const trees = manifests.map(({ tip, seal, base }) => ({
    tip: treeOf(object(tip)),
    seal: treeOf(object(seal)),
    base: treeOf(object(base)),
  }));
  const tree = (i: number) => trees[i] ?? { tip: '', seal: '', base: '' };
  const folders = manifests.flatMap((manifest) => Object.values(foldersOf(manifest)).flatMap((name) => treeId(object(name))));
  const [diffs, listings, merges, patches] = await Promise.all([
    diffMany(
      repo,
      manifests.flatMap(({ checked_tree, landed_tree }, i): [string, string][] => [
        [tree(i).tip, tree(i).seal],
        [checked_tree, landed_tree],
        [tree(i).base, checked_tree],
      ]),
    ),
    listMany(repo, folders),
    mergedAgain(repo, manifests),
    patchIds(
      repo,
      manifests.map(({ checked_tree }, i) => [tree(i).base, checked_tree] as const),
    ),
  ]);
  const listed = new Map(folders.map((id, i) => [id, listings[i] ?? new Map<string, string>()]));
  const below = (name: string, folder: string) =>
    new Map([...(listed.get(treeId(object(name))[0] ?? '') ?? [])].map(([path, oid]) => [`${folder}/${path}`, oid]));
  const drafts = manifests.map((manifest, i): Draft => {
    const at = sessionPaths(manifest.session);
    const texts = new Map(Object.keys(manifest.files).flatMap((path) => pair(path, blobOf(object(`${manifest.seal}:${path}`)))));
    return {
      manifest,
      texts,
      documents: readDocuments(manifest.session, new Map([...texts].map(([path, body]) => [path, body.toString('utf8')]))),
      sealing: diffs[3 * i] ?? [],
      log: below(foldersOf(manifest).log, at.log),
      artifacts: below(foldersOf(manifest).artifacts, at.artifacts),
    };
  });
  const { sizes, logs } = await lookAgain(repo, drafts);
  return Promise.all(
    drafts.map(async (draft, i): Promise<Evidence> => {
      const { manifest, texts } = draft;
      const sealed = sealedFiles(draft, object);
      const bodyAt = (path: string, oid: string) => (draft.log.get(path) === oid ? logs(oid)?.body : texts.get(path)) ?? null;
      return {
        parents: headersOf(object(manifest.seal), 'parent'),
        sealing: draft.sealing,
        afterChecks: diffs[3 * i + 1] ?? [],
        changed: diffs[3 * i + 2] ?? [],
        texts: new Map([...texts].map(([path, body]) => [path, body.toString('utf8')])),
        digests: new Map([...texts].map(([path, body]) => [path, createHash('sha256').update(body).digest('hex')])),
        documents: draft.documents,
        metadata: parseMetadata(textOf(object(`${manifest.seal}:${sessionPaths(manifest.session).metadata}`))),
        before: parseMetadata(textOf(object(`${manifest.tip}:${sessionPaths(manifest.session).metadata}`))),
        tipAt: dateOfLine(headersOf(object(manifest.tip), 'committer')[0] ?? ''),
        sealed,
        tipLogs: [...draft.log].filter(([path]) => parseLogPath(manifest.session, path)).map(([, oid]) => textOf(logs(oid))),
        values: { seal: valuesOf(manifest, sealed, bodyAt), tip: valuesOf(manifest, draft.log, bodyAt) },
        files: await filesOf(repo, draft, sizes),
        artifacts: [...draft.artifacts.keys()],
        checked: merges[2 * i] ?? null,
        landed: merges[2 * i + 1] ?? null,
        patchId: patches[i] ?? null,
      };
    }),
  );
}

/** For each manifest what merging the tip, and the seal, into base gives: two rows. */
async function mergedAgain(repo: Repo, manifests: readonly Manifest[]): Promise<(MergedTree | null)[]> {
  const merged = await mergeTrees(repo, manifests.filter(({ lessons_only }) => !lessons_only).flatMap(pairsOf));
  const rows: (MergedTree | null)[] = [];
  for (const manifest of manifests) {
    if (!manifest.lessons_only) rows.push(...merged.splice(0, 2));
    else for (const [base, from] of pairsOf(manifest)) rows.push({ tree: await lessonsTree(repo, manifest.session, base, from) });
  }
  return rows;
}

/** What the first look gave of one session. */
interface Draft {
  manifest: Manifest;
  texts: Map<string, Buffer>;
  documents: Evidence['documents'];
  sealing: Change[];
  /** Path to blob in the tip. */
  log: Map<string, string>;
  artifacts: Map<string, string>;
}

/** The second look: sizes of the tip's files, and its logs. */
async function lookAgain(repo: Repo, drafts: readonly Draft[]) {
  const names = drafts.flatMap((draft) => [
    ...draft.artifacts.values(),
    ...workspaceOf(draft).map((path) => `${draft.manifest.tip}:${path}`),
  ]);
  const [infos, logs] = await Promise.all([
    statMany(repo, names),
    readNamed(
      repo,
      drafts.flatMap(({ log }) => [...log.values()]),
    ),
  ]);
  return { sizes: new Map(names.map((name, i) => [name, infos[i] ?? null])), logs };
}

function workspaceOf({ documents }: Draft): string[] {
  return 'inventory' in documents ? documents.inventory.workspace.map(({ path }) => path) : [];
}

async function filesOf(
  repo: Repo,
  draft: Draft,
  sizes: ReadonlyMap<string, { oid: string; size: number } | null>,
): Promise<Map<string, FileAt>> {
  const files = new Map<string, FileAt>();
  for (const [path, oid] of draft.artifacts) files.set(path, { blob: oid, size: sizes.get(oid)?.size ?? 0 });
  for (const path of workspaceOf(draft)) {
    const found = sizes.get(`${draft.manifest.tip}:${path}`);
    if (found) files.set(path, { blob: found.oid, size: found.size });
  }
  // A path with a newline cannot be asked for in a batch.
  const odd = workspaceOf(draft).filter((path) => path.includes('\n'));
  for (const row of odd.length > 0 ? await listTree(repo, draft.manifest.tip, odd) : []) {
    files.set(row.path, { blob: row.oid, size: row.size ?? 0 });
  }
  return files;
}

/** Those files that are what their names say. */
function valuesOf(
  manifest: Manifest,
  files: ReadonlyMap<string, string>,
  bodyAt: (path: string, oid: string) => Buffer | null,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [path, oid] of files) {
    const sha256 = parseValuePath(manifest.session, path);
    const body = sha256 === null ? null : bodyAt(path, oid);
    if (sha256 !== null && body && createHash('sha256').update(body).digest('hex') === sha256) values.set(sha256, body.toString('utf8'));
  }
  return values;
}

/** The tip's own files with the seal's changes. */
function sealedFiles({ manifest, log, sealing }: Draft, object: Objects): Map<string, string> {
  const fixed = fixedPaths(manifest).flatMap((path) => pair(path, object(`${manifest.tip}:${path}`)?.oid));
  const files = new Map([...log, ...fixed]);
  for (const { path, status, newOid } of sealing) {
    if (!isSealPath(manifest.session, path)) continue;
    if (status === 'D') files.delete(path);
    else files.set(path, newOid);
  }
  return files;
}

const pair = <T>(path: string, value: T | null | undefined): [string, T][] =>
  value === null || value === undefined ? [] : [[path, value]];
const textOf = (object: GitObject | null) => object?.body.toString('utf8') ?? '';
const blobOf = (object: GitObject | null) => (object?.type === 'blob' ? object.body : null);
const treeId = (object: GitObject | null) => (object?.type === 'tree' ? [object.oid] : []);
const treeOf = (commit: GitObject | null) => headersOf(commit, 'tree')[0] ?? '';

/** Values of a commit's header. */
function headersOf(commit: GitObject | null, name: string): string[] {
  const head = textOf(commit).split('\n\n', 1)[0] ?? '';
  return head.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
}

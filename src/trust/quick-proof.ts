/**
 * Proves with one process of git that sessions' logs at a commit are what an approver signed: the chain of policy from the pinned root, the
 * tags, and the log files. Only a yes counts: what cannot be told here is left to the full check. Hot path: no npm package.
 */

import { join } from 'node:path';
import type { Manifest } from '../core/closeout/manifest.ts';
import { parseTagMessage } from '../core/closeout/manifest-text.ts';
import { sessionPaths } from '../core/session/metadata.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { type LeanObject, parseTree, readNamed } from '../git/lean.ts';
import type { Located } from '../git/locate.ts';
import { splitSigned } from '../git/split-signed.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { readOrNull } from '../store/files.ts';
import { keptLog } from '../store/log-bytes.ts';
import { policyHint } from '../store/policy-hint.ts';
import type { ApprovedLog } from './approved.ts';
import { provenNames } from './ssh-verify.ts';

/** A log folder that was found, as of its tree at the commit; `files`: where a hint says that its log files are. */
export interface FoundLog {
  id: SessionId;
  tree: string;
  files: readonly (readonly [name: string, oid: string])[];
}

const POLICY = ['.sessionrc.yaml', '.swarm/allowed_signers', '.swarm/approvers'];

/** What has to be read for a proof, and the proof from it. */
export interface QuickProof {
  /** Names of objects. */
  names: string[];
  /** Those of the logs that are proven by what these names stand for. */
  proven(at: Found): ApprovedLog[];
}

type Found = (name: string) => LeanObject | null;

/** A proof of these logs; null where nothing can be proven here. */
export function quickProof(place: Located, logs: readonly FoundLog[]): QuickProof | null {
  const hint = policyHint(place.commonDir);
  const pinned = pinnedPolicy(place);
  if (!hint || !pinned || pinned.root !== hint.sources[0] || compiledPolicy(place.commonDir).memory?.trust !== 'signed') return null;
  const { sources } = hint;
  const names = [...sources];
  for (const at of [...sources, ...pinned.refs]) names.push(`${at}^{commit}`, ...POLICY.map((path) => `${at}:${path}`));
  const blobs = logs.flatMap(({ files }) => files.flatMap(([, oid]) => keptBlob(place, oid) ?? []));
  const kept = new Map(blobs.map((blob) => [blob.oid, blob]));
  for (const { id, tree, files } of logs) names.push(tagRef(id), tree, ...files.flatMap(([, oid]) => (kept.has(oid) ? [] : [oid])));
  const proven = (ask: Found) => {
    const at = (name: string) => kept.get(name) ?? ask(name);
    const signers = signersInForce(sources, pinned.refs, at);
    return signers === null ? [] : logs.flatMap((log) => provenLog(log, signers, at) ?? []);
  };
  return { names, proven };
}

/** A log file that lies in the cache and is that very blob. */
function keptBlob({ commonDir }: Located, oid: string): LeanObject | null {
  const body = keptLog(commonDir, oid);
  const blob = body && { oid, type: 'blob', body };
  return blob && isWhole(blob) ? blob : null;
}

/** Those of the logs that are proven here, by one process of git. */
export function quickLogs(place: Located, logs: readonly FoundLog[]): ApprovedLog[] {
  const proof = quickProof(place, logs);
  const at = proof && readNamed(place, proof.names);
  return at ? proof.proven(at) : [];
}

const tagRef = (id: SessionId) => `refs/tags/backup/${id}`;

/** The log, where the manifest of the session's tag names every one of its files by what it holds. */
function provenLog({ id, tree, files }: FoundLog, signers: string, at: Found): ApprovedLog | null {
  const tag = at(tagRef(id));
  const manifest = approvedManifest(tag, id, signers);
  const folder = at(tree);
  if (!tag || !manifest || folder?.type !== 'tree' || folder.oid !== tree || !isWhole(folder)) return null;
  const rows = [...parseTree(folder.body, tree.length / 2)].filter(([name]) => name.endsWith('.jsonl'));
  const said = new Map(files);
  const proven = rows.flatMap(([name, oid]) => {
    const path = `${sessionPaths(id).log}/${name}`;
    const blob = said.get(name) === oid ? at(oid) : null;
    const digest = manifest.files && Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined;
    return blob?.type === 'blob' && digest === sha('sha256', blob.body) ? [{ path, oid, bytes: blob.body }] : [];
  });
  return proven.length === rows.length && rows.length > 0 ? { id, tag: tag.oid, manifest, files: proven } : null;
}

/** The root that this clone pinned, in its configuration, and every ref that its policy may be read from: its branch and the project's. */
export function pinnedPolicy(place: Located): { root: string; refs: string[] } | null {
  const config = readOrNull(join(place.commonDir, 'config')) ?? '';
  const branch = /^\s*policyBranch\s*=\s*"?([^"\s#;]+)"?\s*$/im.exec(config)?.[1];
  const root = /^\s*policyRoot\s*=\s*"?([0-9a-f]{40,64})"?\s*$/im.exec(config)?.[1];
  if (!branch || !root) return null;
  const remotes = [...config.matchAll(/^\s*\[\s*remote\s+"([^"\\\n]+)"\s*\]/gim)].map(([, name]) => name ?? '');
  const names = [...new Set([branch, 'main', 'master'])];
  const heads = names.map((name) => `refs/heads/${name}`);
  return { root, refs: [...heads, ...remotes.flatMap((remote) => ['HEAD', ...names].map((name) => `refs/remotes/${remote}/${name}`))] };
}

/** The approvers' file in force, each change of policy signed by an approver before it, and the last one what each of the refs holds. */
function signersInForce(sources: readonly string[], refs: readonly string[], at: Found): string | null {
  const stateOf = (commit: string) => POLICY.map((path) => at(`${commit}:${path}`)?.oid ?? '-').join(' ');
  let signers: string | null = null;
  for (const commit of sources) {
    const object = at(commit);
    if (object?.type !== 'commit' || object.oid !== commit) return null;
    if (signers !== null && !isSigned(object, signers)) return null;
    const file = at(`${commit}:.swarm/allowed_signers`);
    signers = file?.type === 'blob' ? file.body.toString('utf8') : '';
  }
  const state = stateOf(sources.at(-1) ?? '');
  const held = refs.filter((ref) => at(`${ref}^{commit}`) !== null);
  return held.length > 0 && held.every((ref) => stateOf(ref) === state) ? signers : null;
}

/** What an approver's tag on the seal of this session says; null where it is none. */
function approvedManifest(tag: LeanObject | null, id: string, signers: string): Manifest | null {
  if (tag?.type !== 'tag' || !isSigned(tag, signers)) return null;
  const text = splitSigned('tag', tag.body, formatOf(tag)).payload.toString('utf8');
  const manifest = parseTagMessage(text.slice(text.indexOf('\n\n') + 2))?.manifest;
  const isOfSeal = manifest?.session === id && manifest.seal === /^object ([0-9a-f]+)\ntype commit\n/.exec(text)?.[1];
  return isOfSeal ? manifest : null;
}

function isSigned(object: LeanObject, signers: string): boolean {
  const { type, body } = object;
  if ((type !== 'commit' && type !== 'tag') || !isWhole(object)) return false;
  const { payload, signature, broken } = splitSigned(type, body, formatOf(object));
  return signature !== null && broken === null && provenNames(payload, signature, signers).length > 0;
}

const formatOf = ({ oid }: LeanObject) => (oid.length === 40 ? 'sha1' : 'sha256');

/** Whether the content hashes to its id: git does not look again when it only prints. */
function isWhole(object: LeanObject): boolean {
  return sha(formatOf(object), Buffer.from(`${object.type} ${object.body.length}\0`), object.body) === object.oid;
}

function sha(format: 'sha1' | 'sha256', ...parts: Uint8Array[]): string {
  const hash = process.getBuiltinModule('node:crypto').createHash(format);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * Proves, with one process of git, that patterns from the cache of offers are what approvers signed: the chain of policy from the pinned
 * root, the tags, and the records themselves. Hot path: no npm package.
 */

import { join } from 'node:path';
import { parseLog } from '../core/log.ts';
import type { Manifest } from '../core/manifest.ts';
import { parseTagMessage } from '../core/manifest-text.ts';
import { foldMemory } from '../core/memory.ts';
import { LEARNED_NAMESPACE } from '../core/memory-key.ts';
import { sessionPaths } from '../core/metadata.ts';
import { readPattern } from '../core/pattern.ts';
import { closeoutsIn, measure, usesIn } from '../core/pattern-outcome.ts';
import { type AnyRecord, isMemory } from '../core/record.ts';
import type { SessionId } from '../core/session-id.ts';
import { type LeanObject, readObjects } from '../git/lean.ts';
import { splitSigned } from '../git/split-signed.ts';
import { readOrNull } from '../store/files.ts';
import type { OfferCache, OfferedPattern } from '../store/offer-cache.ts';
import { provenNames } from '../trust/ssh-verify.ts';
import type { Here } from './here.ts';

const POLICY = ['.sessionrc.yaml', '.swarm/allowed_signers', '.swarm/approvers'];

/** The patterns as the approved records say them, or null where any of it cannot be proven here: the full check decides then. */
export function provenPatterns(here: Here, cache: OfferCache, patterns: readonly OfferedPattern[]): OfferedPattern[] | null {
  const { sources, policyRef } = cache;
  const ids = new Set(patterns.flatMap(({ session, counted }) => [session, ...counted]));
  const logs = [...ids].map((id) => cache.logs.find(([known]) => known === id));
  if (!sources.every((commit) => /^[0-9a-f]{40,64}$/.test(commit)) || !isPinned(here, sources[0], policyRef)) return null;
  const names: string[] = [...sources];
  for (const commit of [...sources, policyRef]) names.push(...POLICY.map((path) => `${commit}:${path}`));
  for (const log of logs) {
    const [id, , tag, files] = log ?? [];
    const folder = id && `${sessionPaths(id).log}/`;
    if (!id || !tag || !folder || !files?.every((file) => file.startsWith(folder))) return null;
    names.push(tag, `${tag}:${sessionPaths(id).log}`, `${here.tip}:${sessionPaths(id).log}`, ...files.map((file) => `${here.tip}:${file}`));
  }
  const objects = readObjects(here.place, names);
  if (!objects) return null;
  const at = new Map(names.map((name, i) => [name, objects[i] ?? null]));
  const found = (name: string) => at.get(name) ?? null;
  const signers = signersInForce(sources, policyRef, found);
  if (signers === null) return null;
  const records: AnyRecord[] = [];
  const ended = new Map<string, Manifest>();
  for (const log of logs) {
    const [id, , tag, files = []] = log ?? [];
    const manifest = id && tag ? approvedManifest(found(tag), id, signers) : null;
    const sealed = found(`${tag}:${sessionPaths(id as SessionId).log}`);
    if (!id || !manifest || !sealed || sealed.oid !== found(`${here.tip}:${sessionPaths(id).log}`)?.oid) return null;
    const lines = files.map((file) => found(`${here.tip}:${file}`)?.body.toString('utf8') ?? '');
    records.push(...lines.flatMap((text) => parseLog(text).records).filter(({ session }) => session === id));
    ended.set(id, manifest);
  }
  return provenFrom(patterns, records, ended);
}

/** Text, approver and outcome from what was signed; null where one of the patterns is not there. */
function provenFrom(
  patterns: readonly OfferedPattern[],
  records: readonly AnyRecord[],
  ended: ReadonlyMap<string, Manifest>,
): OfferedPattern[] | null {
  const sessions = [...ended].map(([id, manifest]) => ({ id: id as SessionId, manifest }));
  const closeouts = closeoutsIn(sessions, records);
  const usesOf = usesIn(records);
  const proven = patterns.map((offered): OfferedPattern | null => {
    const own = records.filter((record) => record.session === offered.session && isMemory(record.kind));
    const entry = foldMemory(own, Date.now()).find(({ key, namespace }) => key === offered.key && namespace === LEARNED_NAMESPACE);
    const pattern = entry ? readPattern(entry) : null;
    if (!pattern) return null;
    const { id, key, title, kind, approach } = pattern;
    const { succeeded, of } = measure(usesOf(pattern), closeouts);
    const approver = ended.get(offered.session)?.approver.principal ?? null;
    return { ...offered, id, key, title, kind, approach, lessons: pattern.lessons_learned, approver, succeeded, of };
  });
  return proven.every((one) => one !== null) ? proven : null;
}

/** The root that this clone pinned, in its configuration, and its policy branch, here or on a remote. */
function isPinned(here: Here, root: string | undefined, policyRef: string): boolean {
  const config = readOrNull(join(here.place.commonDir, 'config')) ?? '';
  const branch = /^\s*policyBranch\s*=\s*"?([^"\s#;]+)"?\s*$/im.exec(config)?.[1];
  const pinned = /^\s*policyRoot\s*=\s*"?([0-9a-f]{40,64})"?\s*$/im.exec(config)?.[1];
  if (!branch || !pinned || pinned !== root || policyRef.includes('\n')) return false;
  return policyRef === `refs/heads/${branch}` || (policyRef.startsWith('refs/remotes/') && policyRef.endsWith(`/${branch}`));
}

/** The approvers' file in force, each change of policy signed by an approver before it, and the last one what the branch holds. */
function signersInForce(sources: readonly string[], policyRef: string, found: (name: string) => LeanObject | null): string | null {
  const stateOf = (commit: string) => POLICY.map((path) => found(`${commit}:${path}`)?.oid ?? '-').join(' ');
  let signers: string | null = null;
  for (const commit of sources) {
    const object = found(commit);
    if (object?.type !== 'commit' || object.oid !== commit) return null;
    if (signers !== null && !isSigned(object, signers)) return null;
    const file = found(`${commit}:.swarm/allowed_signers`);
    signers = file?.type === 'blob' ? file.body.toString('utf8') : '';
  }
  return stateOf(sources.at(-1) ?? '') === stateOf(policyRef) ? signers : null;
}

/** What an approver's tag on the seal of this session says; null where it is none. */
function approvedManifest(tag: LeanObject | null, id: string, signers: string): Manifest | null {
  if (tag?.type !== 'tag' || !isSigned(tag, signers)) return null;
  const text = splitSigned('tag', tag.body, 'sha1').payload.toString('utf8');
  const manifest = parseTagMessage(text.slice(text.indexOf('\n\n') + 2))?.manifest;
  const isOfSeal = manifest?.session === id && manifest.seal === /^object ([0-9a-f]+)\ntype commit\n/.exec(text)?.[1];
  return isOfSeal ? manifest : null;
}

function isSigned({ type, oid, body }: LeanObject, signers: string): boolean {
  const format = oid.length === 40 ? 'sha1' : 'sha256';
  if (type !== 'commit' && type !== 'tag') return false;
  const { createHash } = process.getBuiltinModule('node:crypto');
  if (createHash(format).update(`${type} ${body.length}\0`).update(body).digest('hex') !== oid) return false;
  const { payload, signature, broken } = splitSigned(type, body, format);
  return signature !== null && broken === null && provenNames(payload, signature, signers).length > 0;
}

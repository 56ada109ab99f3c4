/** Which sessions' logs on a branch a person has approved: no other session's memory may be seen (design "Records, journal, log, memory"). */

import { createHash } from 'node:crypto';
import type { Manifest } from '../core/closeout/manifest.ts';
import { parseTagMessage } from '../core/closeout/manifest-text.ts';
import { isSealedFile, parseMetadata, sessionPaths } from '../core/session/metadata.ts';
import { asSessionId, type SessionId } from '../core/session/session-id.ts';
import { readMany } from '../git/batch.ts';
import { idsBelow, refIds } from '../git/ids.ts';
import type { Repo } from '../git/run.ts';
import { readSignedMany, type SignedObject } from '../git/signed.ts';
import { type Approvers, approversAt } from './approvers.ts';
import { type EffectivePolicy, effectivePolicy } from './policy-chain.ts';
import { verifySigned } from './signature.ts';

export interface ApprovedLog {
  id: SessionId;
  /** The tag object that approves it; null where `memory.trust: landed` admits it unsigned. */
  tag: string | null;
  /** What that tag says and an approver signed; null without one. */
  manifest: Manifest | null;
  /** Log files on the branch that are, byte for byte, those of the seal. */
  files: LogFile[];
}

interface LogFile {
  path: string;
  oid: string;
  bytes: Buffer;
}

export interface ApprovedOptions {
  /** For hooks: start no process for a signature; a session whose tag this process cannot check itself is left out. */
  quick?: boolean;
  /** The policy in force, where the caller has it; it must be read fresh. */
  effective?: EffectivePolicy;
  /** A session whose log the caller reads itself. */
  except?: SessionId;
  /** Signatures that this process has found good, by policy commit and tag: one that lives on checks none twice. */
  known?: Set<string>;
  /** Asks of these sessions alone. */
  only?: ReadonlySet<SessionId>;
}

interface Found {
  id: SessionId;
  /** Tree of the session's log folder on the branch. */
  tree: string;
  files: LogFile[];
}

/** The log files at a commit that belong to an approved session, oldest session first. Every signature is checked anew: no file vouches for one. */
export async function approvedLogs(repo: Repo, treeish: string, options: ApprovedOptions = {}): Promise<ApprovedLog[]> {
  const found = await logsAt(repo, treeish, options);
  if (found.length === 0) return [];
  const effective = options.effective ?? (await effectivePolicy(repo, { fresh: true }));
  if (effective.policy.memory.trust === 'landed') return landedLogs(repo, treeish, found);
  const judges = judgesOf(repo, effective);
  if (judges.length === 0) return [];
  const sealed = await approvedSeals(repo, judges, await sealsOf(repo, found), options);
  const sealsOfLog = new Map(found.map((log) => [log, [] as Seal[]]));
  for (const seal of sealed) sealsOfLog.get(seal.log)?.push(seal);
  const logs: ApprovedLog[] = [];
  for (const [log, seals] of sealsOfLog) {
    for (const { tag, manifest, seal } of seals) {
      // What the manifest says of each file spares looking the folder up in the seal, which costs the more the more sessions it holds.
      const files = log.files.every((file) => isSigned(manifest, file)) ? log.files : await sameFiles(repo, seal, log);
      if (files.length === 0) continue;
      logs.push({ id: log.id, tag: tag.oid, manifest, files });
      break;
    }
  }
  return logs;
}

/** True for a file whose content the manifest names. */
function isSigned({ files }: Manifest, { path, bytes }: LogFile): boolean {
  const digest = files && Object.hasOwn(files, path) ? files[path] : undefined;
  return digest !== undefined && createHash('sha256').update(bytes).digest('hex') === digest;
}

async function logsAt(repo: Repo, treeish: string, { except, only }: ApprovedOptions): Promise<Found[]> {
  const found = new Map<SessionId, Omit<Found, 'files'> & { files: Omit<LogFile, 'bytes'>[] }>();
  const folders = only && only.size <= FEW ? [...only].map((id) => sessionPaths(id).log) : ['.swarm/log'];
  for (const row of folders.length > 0 ? await idsBelow(repo, treeish, ...folders) : []) {
    const [, name = '', rest] = /^\.swarm\/log\/([^/]+)(\/.+)?$/.exec(row.path) ?? [];
    const id = asSessionId(name);
    if (!id || id === except || only?.has(id) === false) continue;
    if (rest === undefined && row.type === 'tree') found.set(id, { id, tree: row.oid, files: [] });
    else if (row.type === 'blob' && /^\/[^/]+\.jsonl$/.test(rest ?? '')) found.get(id)?.files.push({ path: row.path, oid: row.oid });
  }
  const rows = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const blobs = await readMany(
    repo,
    rows.flatMap(({ files }) => files.map(({ oid }) => oid)),
  );
  const bodies = blobs.values();
  return rows.map((row) => ({
    ...row,
    files: row.files.map((file): LogFile => ({ ...file, bytes: bodies.next().value?.body ?? Buffer.alloc(0) })),
  }));
}

/** So many folders are named to git one by one. */
const FEW = 200;

/** Tag objects of `backup/<id>`, `backup/<id>.2` … by session. */
async function tagsById(repo: Repo): Promise<Map<SessionId, string[]>> {
  const tags = new Map<SessionId, string[]>();
  for (const { ref, oid } of await refIds(repo, 'refs/tags/backup/')) {
    const id = asSessionId(ref.slice('refs/tags/backup/'.length).replace(/\.\d+$/, ''));
    if (id) tags.set(id, [...(tags.get(id) ?? []), oid]);
  }
  return tags;
}

/** Sealed sessions whose files are on the branch, whoever merged them. */
async function landedLogs(repo: Repo, treeish: string, found: Found[]): Promise<ApprovedLog[]> {
  const metadata = await readMany(
    repo,
    found.map(({ id }) => `${treeish}:${sessionPaths(id).metadata}`),
  );
  return found.flatMap(({ id, files }, i) =>
    isSealedFile(parseMetadata(metadata[i]?.body.toString('utf8') ?? '')) ? [{ id, tag: null, manifest: null, files }] : [],
  );
}

/** What a tag says that it seals; whether an approver signed it is not told. */
interface Seal {
  log: Found;
  tag: SignedObject;
  manifest: Manifest;
  seal: string;
}

/** The seals of sessions, of which a signed tag speaks by itself. Two processes. */
async function sealsOf(repo: Repo, found: readonly Found[]): Promise<Seal[]> {
  const tags = await tagsById(repo);
  const named = found.flatMap((log) => (tags.get(log.id) ?? []).map((oid) => ({ log, oid })));
  const signed = await readSignedMany(
    repo,
    named.map(({ oid }) => oid),
  );
  return named.flatMap(({ log }, i) => {
    const tag = signed[i];
    if (tag?.type !== 'tag' || !tag.signature) return [];
    const text = tag.payload.toString('utf8');
    const manifest = parseTagMessage(text.slice(text.indexOf('\n\n') + 2))?.manifest;
    const seal = tag.points[0];
    // The ref's name is not signed: only what the manifest says of itself is.
    return manifest && seal && manifest.session === log.id && manifest.seal === seal ? [{ log, tag, manifest, seal }] : [];
  });
}

/** Approvers that were in force one after another, the last ones last. */
interface Judges {
  /** The commit that named them; this clone's own policy is of none. */
  source: string | null;
  /** Names them in what is known of signatures. */
  name: string;
  approvers(): Promise<Approvers>;
}

function judgesOf(repo: Repo, { sources, local, approvers }: EffectivePolicy): Judges[] {
  if (local !== null) return [{ source: null, name: local, approvers: async () => approvers }];
  return sources.map((source) => ({ source, name: source, approvers: () => approversAt(repo, source) }));
}

/** Those seals whose tag is signed by an approver: of the policy in force, or of the one in force when the log landed. */
async function approvedSeals(
  repo: Repo,
  judges: readonly Judges[],
  seals: readonly Seal[],
  { quick = false, known = new Set() }: ApprovedOptions,
): Promise<Seal[]> {
  const approved = new Set<Seal>();
  for (const [i, { name, approvers: read }] of [...judges.entries()].reverse()) {
    if (approved.size === seals.length) break;
    const approvers = await read();
    const open = seals.filter((seal) => !approved.has(seal));
    const good: Seal[] = [];
    for (let at = 0; at < open.length; at += AT_ONCE) {
      // Thousands take seconds of this process; a server answers others meanwhile.
      if (at % TURN === TURN - AT_ONCE) await new Promise(setImmediate);
      const some = open.slice(at, at + AT_ONCE);
      const verdicts = await Promise.all(
        some.map(async ({ tag }) => {
          const key = `${name} ${tag.oid}`;
          if (known.has(key)) return true;
          const { ok } = await verifySigned(tag, approvers, { quick });
          if (ok) known.add(key);
          return ok;
        }),
      );
      good.push(...some.filter((_, n) => verdicts[n]));
    }
    // Who has left since must not sign today: the log was already there when the next policy came.
    const next = judges[i + 1]?.source ?? null;
    const held = next === null || good.length === 0 ? null : await treesAt(repo, next);
    for (const seal of good) if (!held || held.get(sessionPaths(seal.log.id).log) === seal.log.tree) approved.add(seal);
  }
  return seals.filter((seal) => approved.has(seal));
}

/** Signatures checked side by side, where that takes processes. */
const AT_ONCE = 4;
const TURN = 64;

/** Trees of log folders at a commit, by path. */
async function treesAt(repo: Repo, commit: string): Promise<Map<string, string>> {
  return new Map((await idsBelow(repo, commit, '.swarm/log')).flatMap(({ path, type, oid }) => (type === 'tree' ? [[path, oid]] : [])));
}

/** Files of the branch's log that the seal has with the same content. */
async function sameFiles(repo: Repo, seal: string, log: Found): Promise<Found['files']> {
  const sealed = new Map((await idsBelow(repo, seal, sessionPaths(log.id).log)).map((row) => [row.path, row.oid]));
  return log.files.filter(({ path, oid }) => sealed.get(path) === oid);
}

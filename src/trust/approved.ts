/** Which sessions' logs on a branch a person has approved: no other session's memory may be seen (design "Records, journal, log, memory"). */

import { parseTagMessage } from '../core/manifest-text.ts';
import { parseMetadata, sessionPaths } from '../core/metadata.ts';
import { asSessionId, type SessionId } from '../core/session-id.ts';
import { readMany, statMany } from '../git/batch.ts';
import { idsBelow, refIds } from '../git/ids.ts';
import type { Repo } from '../git/run.ts';
import { readSigned } from '../git/signed.ts';
import { type VerdictCache, verdictCache } from '../store/verdicts.ts';
import { type Approvers, approversAt } from './approvers.ts';
import { type EffectivePolicy, effectivePolicy } from './policy-chain.ts';
import { verifySigned } from './signature.ts';

export interface ApprovedLog {
  id: SessionId;
  /** The tag object that approves it; null where `memory.trust: landed` admits it unsigned. */
  tag: string | null;
  /** Log files on the branch that are, byte for byte, those of the seal. */
  files: { path: string; oid: string }[];
}

export interface ApprovedOptions {
  /** For hooks: a session without a remembered verdict is left out instead of being checked. */
  cachedOnly?: boolean;
  /** The policy in force, where the caller has it. */
  effective?: EffectivePolicy;
  /** A session whose log the caller reads itself. */
  except?: SessionId;
}

interface Found {
  id: SessionId;
  /** Tree of the session's log folder on the branch. */
  tree: string;
  files: { path: string; oid: string }[];
}

/** What a tag that verifies speaks for. */
interface Sealed {
  seal: string;
  /** Tree of the log folder in the seal; null where it has none. */
  tree: string | null;
}

/** The log files at a commit that belong to an approved session, oldest session first. Verdicts are remembered by tag and policy. */
export async function approvedLogs(repo: Repo, treeish: string, options: ApprovedOptions = {}): Promise<ApprovedLog[]> {
  const found = (await logsAt(repo, treeish)).filter((log) => log.id !== options.except);
  if (found.length === 0) return [];
  const effective = options.effective ?? (await effectivePolicy(repo));
  if (effective.policy.memory.trust === 'landed') return landedLogs(repo, treeish, found);
  if (effective.sources.length === 0) return [];
  const cache = verdictCache(repo.commonDir, 'approved');
  const judge = new Judge(repo, effective, cache, options.cachedOnly === true);
  const tags = await tagsById(repo);
  const logs: ApprovedLog[] = [];
  for (let i = 0; i < found.length; i += AT_ONCE) {
    const judged = await Promise.all(found.slice(i, i + AT_ONCE).map((log) => judge.approved(log, tags.get(log.id) ?? [])));
    logs.push(...judged.flatMap((log) => log ?? []));
  }
  cache.save();
  return logs;
}

/** Signatures checked side by side. */
const AT_ONCE = 4;

async function logsAt(repo: Repo, treeish: string): Promise<Found[]> {
  const found = new Map<SessionId, Found>();
  for (const row of await idsBelow(repo, treeish, '.swarm/log')) {
    const [, name = '', rest] = /^\.swarm\/log\/([^/]+)(\/.+)?$/.exec(row.path) ?? [];
    const id = asSessionId(name);
    if (!id) continue;
    if (rest === undefined && row.type === 'tree') found.set(id, { id, tree: row.oid, files: [] });
    else if (row.type === 'blob' && /^\/[^/]+\.jsonl$/.test(rest ?? '')) found.get(id)?.files.push({ path: row.path, oid: row.oid });
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Tag objects of `backup/<id>`, `backup/<id>.2` … by session. */
async function tagsById(repo: Repo): Promise<Map<SessionId, string[]>> {
  const tags = new Map<SessionId, string[]>();
  for (const { ref, oid } of await refIds(repo, 'refs/tags/backup/')) {
    const id = asSessionId(ref.slice('refs/tags/backup/'.length).replace(/\.\d+$/, ''));
    if (id) tags.set(id, [...(tags.get(id) ?? []), oid]);
  }
  return tags;
}

/** Closed sessions whose files are on the branch, whoever merged them. */
async function landedLogs(repo: Repo, treeish: string, found: Found[]): Promise<ApprovedLog[]> {
  const metadata = await readMany(
    repo,
    found.map(({ id }) => `${treeish}:${sessionPaths(id).metadata}`),
  );
  return found.flatMap(({ id, files }, i) =>
    parseMetadata(metadata[i]?.body.toString('utf8') ?? '')?.status === 'closed' ? [{ id, tag: null, files }] : [],
  );
}

class Judge {
  private readonly approversOf = new Map<string, Promise<Approvers>>();
  private readonly repo: Repo;
  private readonly effective: EffectivePolicy;
  private readonly cache: VerdictCache;
  private readonly cachedOnly: boolean;

  constructor(repo: Repo, effective: EffectivePolicy, cache: VerdictCache, cachedOnly: boolean) {
    this.repo = repo;
    this.effective = effective;
    this.cache = cache;
    this.cachedOnly = cachedOnly;
  }

  /** The session's approved files, or null. */
  async approved(log: Found, tags: string[]): Promise<ApprovedLog | null> {
    for (const tag of tags) {
      const sealed = await this.sealed(tag, log);
      if (!sealed) continue;
      const files = sealed.tree === log.tree ? log.files : await this.sameFiles(sealed.seal, log);
      if (files.length > 0) return { id: log.id, tag, files };
    }
    return null;
  }

  /** What the tag speaks for, where the policy in force, or the one in force when the log landed, holds its signer for an approver. */
  private async sealed(tag: string, log: Found): Promise<Sealed | null> {
    const { sources } = this.effective;
    const decided = `${tag} ${log.id} ${sources[sources.length - 1]}`;
    const known = this.cache.get(decided) as Sealed | undefined;
    if (known || this.cachedOnly) return known ?? null;
    for (let i = sources.length - 1; i >= 0; i--) {
      const sealed = await this.sealedUnder(tag, log.id, sources[i] ?? '');
      // Who has left since must not sign today: the log was already there when the next policy came.
      const next = sources[i + 1];
      if (sealed && (next === undefined || (await this.heldAt(next, log)))) {
        this.cache.set(decided, sealed);
        return sealed;
      }
    }
    return null;
  }

  private async sealedUnder(tag: string, id: SessionId, source: string): Promise<Sealed | null> {
    const approvers = this.approversOf.get(source) ?? approversAt(this.repo, source);
    this.approversOf.set(source, approvers);
    const signed = await readSigned(this.repo, tag);
    if (signed?.type !== 'tag' || !(await verifySigned(signed, await approvers)).ok) return null;
    const text = signed.payload.toString('utf8');
    const manifest = parseTagMessage(text.slice(text.indexOf('\n\n') + 2))?.manifest;
    const seal = signed.points[0];
    // The ref's name is not signed: only what the manifest says of itself is.
    if (!manifest || !seal || manifest.session !== id || manifest.seal !== seal) return null;
    const [tree] = await statMany(this.repo, [`${seal}:${sessionPaths(id).log}`]);
    return { seal, tree: tree?.oid ?? null };
  }

  private async heldAt(commit: string, log: Found): Promise<boolean> {
    const [tree] = await statMany(this.repo, [`${commit}:${sessionPaths(log.id).log}`]);
    return tree?.oid === log.tree;
  }

  /** Files of the branch's log that the seal has with the same content. */
  private async sameFiles(seal: string, log: Found): Promise<Found['files']> {
    const sealed = new Map((await idsBelow(this.repo, seal, sessionPaths(log.id).log)).map((row) => [row.path, row.oid]));
    return log.files.filter(({ path, oid }) => sealed.get(path) === oid);
  }
}

/** The audit of one session: the sealed part, remembered; and what may change, looked at each time. */

import { asObject } from '../../core/json.ts';
import { idParts, type SessionId } from '../../core/session-id.ts';
import { type Finding, failed, listed, noted, short, unverified, verdictOf } from '../../core/verify/finding.ts';
import type { Now } from '../../core/verify/now.ts';
import { readSignedMany } from '../../git/signed.ts';
import type { VerdictCache } from '../../store/verdicts.ts';
import { type BackupTag, isLanding } from '../landings.ts';
import { type ApprovalTag, approvalBy } from './approvals.ts';
import type { Audit, AuditedBase } from './audit.ts';
import { type BaseFiles, nowOn } from './base-files.ts';
import { gatherEvidence } from './evidence.ts';
import { bestOf, type FoundLanding } from './found.ts';
import { inForce, judgesIn } from './in-force.ts';
import { inParallel } from './parallel.ts';
import type { VerifyReport } from './report.ts';
import { judgeSealed, NOTHING_SEALED, type SealedPart } from './sealed.ts';
import { type ReadTag, readTags } from './tags.ts';

/** Everything that is known of a session before it is judged. */
export interface Subject {
  id: SessionId;
  /** Its backup tags, the latest seal first. */
  tags: readonly BackupTag[];
  arrivals: readonly FoundLanding[];
  approvals: readonly ApprovalTag[];
}

/** Remembered verdicts of this version; another one reaches them anew. */
const CACHE_VERSION = 1;

export interface Judging {
  audit: Audit;
  cache: VerdictCache;
  files(base: AuditedBase): Promise<BaseFiles>;
}

/** Reports on sessions, in order. What they ask of git is asked for all of them together. */
export async function judgeSessions(judging: Judging, subjects: readonly Subject[]): Promise<VerifyReport[]> {
  const parts = await sealedParts(judging, subjects);
  return Promise.all(subjects.map((subject, i) => reportOn(judging, subject, parts[i] as Judged)));
}

async function reportOn(judging: Judging, subject: Subject, judged: Judged): Promise<VerifyReport> {
  const { id } = subject;
  const { tag, part, found, findings, source, cached } = judged;
  const now = found && part.sealed.length > 0 ? await currentState(judging, subject, found, part) : null;
  const approvals = await countApprovals(judging, subject, part, source);
  const all = [...findings, ...part.findings, ...(now?.findings ?? []), ...approvals.findings];
  if (part.approval && approvals.principals.length < approvals.needed) {
    const what = `${approvals.principals.length} of ${approvals.needed} approvals that policy asks for.`;
    all.push(found ? failed('approvals', what) : noted('approvals', what));
  }
  if (tag && !found) all.push(noted('not-landed', `It has not landed${part.approval ? ` on ${part.approval.base_branch}` : ''}.`));
  return {
    id,
    verdict: verdictOf(all),
    findings: all,
    topic: idParts(id).topic,
    tag: tag?.ref ?? null,
    approval: part.approval,
    landing: found && {
      commit: found.landing.commit,
      at: found.landing.at,
      base: found.base.name,
      as: part.as,
      now: now?.state ?? (found.landing.now === 'gone' ? 'reverted' : 'landed'),
    },
    approvals: { needed: approvals.needed, principals: approvals.principals },
    cached,
  };
}

/** The sealed part of a session, and on what it was judged. */
interface Judged {
  tag: BackupTag | null;
  part: SealedPart;
  found: FoundLanding | null;
  findings: Finding[];
  /** The policy commit that judged. */
  source: string | null;
  cached: boolean;
}

/** Without a tag nothing is signed; say how it came to base. */
function untagged(arrivals: readonly FoundLanding[]): Judged {
  const found = bestOf(arrivals, null);
  const findings: Finding[] = [];
  if (found && isLanding(found.landing)) {
    const what = `${short(found.landing.commit)} landed it on ${found.base.name}, but this clone has no backup tag of it: nobody's approval is shown. Perhaps tags were not fetched (git fetch --tags).`;
    findings.push(unverified('no-tag', what));
  } else if (found) {
    findings.push(unverified('not-closed', `${short(found.landing.commit)} brought it to ${found.base.name} without a closeout.`));
  } else {
    findings.push(unverified('not-sealed', 'It is neither sealed nor landed.'));
  }
  return { tag: null, part: NOTHING_SEALED, found, findings, source: null, cached: false };
}

/** The sealed part as it was reached, and on what it rests. */
interface Remembered {
  version: typeof CACHE_VERSION;
  landing: string | null;
  part: SealedPart;
}

async function sealedParts(judging: Judging, subjects: readonly Subject[]): Promise<Judged[]> {
  const tagged = subjects.map(({ tags, arrivals }) => arrivals.find(({ landing }) => landing.tag)?.landing.tag ?? tags[0] ?? null);
  const known = await Promise.all(subjects.map((subject, i) => recall(judging, subject, tagged[i] ?? null)));
  const open = subjects.flatMap((subject, i) => {
    const tag = tagged[i];
    return tag && !known[i] ? [{ subject, tag }] : [];
  });
  const judged = await judgeAnew(judging, open);
  return subjects.map((subject, i) => known[i] ?? (tagged[i] ? (judged.shift() as Judged) : untagged(subject.arrivals)));
}

/** The verdict of an earlier audit, where it rests on the same tag, landing and policy. */
async function recall({ audit, cache }: Judging, { tags, arrivals }: Subject, tag: BackupTag | null): Promise<Judged | null> {
  const known = tag && remembered(cache.get(`${tag.ref} ${tag.oid}`));
  if (!tag || !known?.part.approval) return null;
  const { part } = known;
  const found = bestOf(arrivals, known.part.approval.base_branch);
  const { source, findings } = await inForce(audit, known.part.approval.policy, found);
  if (known.landing !== (found?.landing.commit ?? null) || (source ?? '') !== known.part.approval.policy.source) return null;
  return { tag, part, found, findings: [...aboutTags(tags, tag, found), ...findings], source, cached: true };
}

async function judgeAnew({ audit, cache }: Judging, open: readonly { subject: Subject; tag: BackupTag }[]): Promise<Judged[]> {
  const reads = await readTags(
    audit.repo,
    open.map(({ subject, tag }) => ({ id: subject.id, tag })),
  );
  const evidence = await gatherEvidence(
    audit.repo,
    reads.flatMap(({ manifest }) => manifest ?? []),
  );
  const founds = open.map(({ subject }, i) => bestOf(subject.arrivals, reads[i]?.manifest?.base_branch ?? null));
  const arrivals = await readSignedMany(
    audit.repo,
    founds.map((found) => found?.landing.commit ?? ''),
  );
  const gathered = reads.map(({ manifest }) => (manifest ? (evidence.shift() ?? null) : null));
  return inParallel(open, async ({ subject, tag }, i): Promise<Judged> => {
    const read = reads[i] as ReadTag;
    const found = founds[i] ?? null;
    const force = read.manifest ? await inForce(audit, read.manifest.policy, found) : { source: null, findings: [] };
    const judges = await judgesIn(audit, force.source);
    const landing = found && { ...found.landing, signed: arrivals[i] ?? null };
    const part = await judgeSealed(audit.repo, { read, evidence: gathered[i] ?? null, landing, judges });
    if (!part.incomplete && verdictOf(part.findings) === 'verified') {
      cache.set(`${tag.ref} ${tag.oid}`, { version: CACHE_VERSION, landing: found?.landing.commit ?? null, part } satisfies Remembered);
    }
    return { tag, part, found, findings: [...aboutTags(subject.tags, tag, found), ...force.findings], source: force.source, cached: false };
  });
}

/** True where an earlier audit on this machine verified what the tag vouches for, with this landing. */
export function rememberedVerdict(cache: VerdictCache, tag: BackupTag, landing: string): boolean {
  return remembered(cache.get(`${tag.ref} ${tag.oid}`))?.landing === landing;
}

function remembered(value: unknown): Remembered | null {
  const raw = asObject(value);
  return raw?.version === CACHE_VERSION && asObject(raw.part) ? (raw as unknown as Remembered) : null;
}

function aboutTags(tags: readonly BackupTag[], tag: BackupTag, found: FoundLanding | null): Finding[] {
  const name = ({ ref }: BackupTag) => ref.slice('refs/tags/'.length);
  const findings: Finding[] = [];
  const others = tags.filter(({ ref }) => ref !== tag.ref);
  if (others.length > 0) findings.push(noted('other-seals', `There are other seals of it: ${listed(others.map(name))}.`));
  if (found && found.landing.tag?.oid !== tag.oid) {
    const what = `What came to ${found.base.name} with ${short(found.landing.commit)} is not the seal of ${name(tag)}: the tag was moved, or another metadata.json landed.`;
    findings.push(failed('tag-other-seal', what));
  }
  return findings;
}

/** What every branch that it came to holds of it now; the state is that of the branch that was found. */
async function currentState({ audit, files }: Judging, subject: Subject, found: FoundLanding, part: SealedPart): Promise<Now> {
  const findings: Finding[] = [];
  let state: Now['state'] = 'landed';
  for (const arrival of subject.arrivals) {
    const current = (await files(arrival.base)).get(subject.id) ?? new Map<string, string>();
    const now = await nowOn(audit.repo, arrival.base, new Map(part.sealed), current);
    findings.push(...now.findings);
    if (arrival === found) state = now.state;
  }
  return { state, findings };
}

/** The principals whose approval counts: the backup tag's, and those of approval tags. */
async function countApprovals({ audit, cache }: Judging, subject: Subject, part: SealedPart, source: string | null) {
  const findings: Finding[] = [];
  const judges = await judgesIn(audit, source);
  const needed = judges.policy.approvals.count;
  const { approval } = part;
  if (!approval) return { needed, principals: [], findings };
  const principals = new Set(part.findings.some(({ code }) => code.startsWith('tag-')) ? [] : [approval.approver.principal]);
  for (const tag of subject.approvals) {
    const key = `${tag.ref} ${tag.oid} ${approval.manifest_sha256} ${source}`;
    const known = cache.get(key);
    const principal =
      typeof known === 'string'
        ? known
        : await approvalBy(audit.repo, tag, { id: subject.id, seal: approval.seal, manifestSha256: approval.manifest_sha256 }, judges);
    if (principal === null) {
      findings.push(failed('approval-tag', `${tag.ref.slice('refs/tags/'.length)} is no valid approval of this seal.`));
      continue;
    }
    cache.set(key, principal);
    principals.add(principal);
  }
  return { needed, principals: [...principals], findings };
}

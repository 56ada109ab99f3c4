/** The audit of sessions. Of earlier audits only what was found about content is remembered: never who signed, nor what a signature binds. */

import { idParts, type SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { type Finding, failed, listed, noted, short, unverified, verdictOf } from '../../core/verify/finding.ts';
import type { Now } from '../../core/verify/now.ts';
import { readSignedMany } from '../../git/signed.ts';
import { inParallel } from '../../lifecycle/in-parallel.ts';
import type { VerdictCache } from '../../store/verdicts.ts';
import { type BackupTag, isLanding } from '../landed/landings.ts';
import { type ApprovalTag, approvalBy } from './approvals.ts';
import type { Audit, AuditedBase } from './audit.ts';
import { type BaseFiles, nowOn } from './base-files.ts';
import { partlyOn } from './compare.ts';
import { gatherEvidence, sealedBy } from './evidence.ts';
import { bestOf, type FoundLanding } from './found.ts';
import { type InForce, inForce, judgesIn } from './in-force.ts';
import { localJudges, withoutKey } from './local-judges.ts';
import type { Approval, VerifyReport } from './report.ts';
import { type Content, isOwnWork, judgeContent, judgeSealed, NOTHING_SEALED, ownWork, type SealedPart } from './sealed.ts';
import { type ReadTag, readTags } from './tags.ts';
import { hintVerified } from './verdict-hint.ts';

/** Everything that is known of a session before it is judged. */
export interface Subject {
  id: SessionId;
  /** Its backup tags, the latest seal first. */
  tags: readonly BackupTag[];
  arrivals: readonly FoundLanding[];
  approvals: readonly ApprovalTag[];
}

export interface Judging {
  audit: Audit;
  /** What earlier audits found about content; a blind one for an audit that believes no file. */
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
  if (tag && !found) all.push(await notLanded(judging, id, part.approval));
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
      paths: part.otherwise,
      now: now?.state ?? (found.landing.now === 'gone' ? 'reverted' : 'landed'),
    },
    approvals: { needed: approvals.needed, principals: approvals.principals },
    cached,
  };
}

/** Nothing of it is on base, or only a part. */
async function notLanded({ audit }: Judging, id: SessionId, approval: Approval | null): Promise<Finding> {
  const on = approval ? ` on ${approval.base_branch}` : '';
  for (const base of approval ? await audit.bases(approval.base_branch) : []) {
    const paths = await partlyOn(audit.repo, id, approval?.seal ?? '', base.tip);
    if (paths.length === 0) continue;
    const what = `It has not landed whole${on}, but a part of it is there: ${listed(paths.map((path) => oneLine(path, 120)))}.`;
    return unverified('landed-in-part', what);
  }
  return noted('not-landed', `It has not landed${on}.`);
}

/** The sealed part of a session, and on what it was judged. */
export interface Judged {
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

/** The sealed parts, in order. */
export async function sealedParts(judging: Pick<Judging, 'audit' | 'cache'>, subjects: readonly Subject[]): Promise<Judged[]> {
  const tagged = subjects.flatMap((subject) => {
    const tag = subject.arrivals.find(({ landing }) => landing.tag)?.landing.tag ?? subject.tags[0];
    return tag ? [{ subject, tag }] : [];
  });
  const judged = new Map((await judgeTagged(judging, tagged)).map((part, i) => [tagged[i]?.subject, part]));
  return subjects.map((subject) => judged.get(subject) ?? untagged(subject.arrivals));
}

async function judgeTagged(
  { audit, cache }: Pick<Judging, 'audit' | 'cache'>,
  tagged: readonly { subject: Subject; tag: BackupTag }[],
): Promise<Judged[]> {
  const { repo } = audit;
  const reads = await readTags(
    repo,
    tagged.map(({ subject, tag }) => ({ id: subject.id, tag })),
  );
  // Beside a seal a file of the open session is no landing: some of its commits came without the rest.
  const founds = tagged.map(({ subject: { arrivals } }, i) =>
    bestOf(
      arrivals.filter(({ landing }) => isLanding(landing)),
      reads[i]?.manifest?.base_branch ?? null,
    ),
  );
  const arrivals = await readSignedMany(
    repo,
    founds.map((found) => found?.landing.commit ?? ''),
  );
  const forces = await inParallel(reads, ({ manifest }, i) =>
    manifest ? inForce(audit, manifest.policy, founds[i] ?? null) : Promise.resolve({ source: null, findings: [] }),
  );
  const keys = tagged.map(({ tag }, i) => contentKey(tag, founds[i] ?? null, forces[i]?.source ?? null));
  const remembered = await rememberedContent(audit, cache, reads, keys);
  const open = reads.map(({ manifest }, i) => (remembered[i] ? null : manifest));
  const evidence = await gatherEvidence(
    repo,
    open.flatMap((manifest) => manifest ?? []),
  );
  const gathered = open.map((manifest) => (manifest ? (evidence.shift() ?? null) : null));
  return inParallel(tagged, async ({ subject, tag }, i): Promise<Judged> => {
    const read = reads[i] as ReadTag;
    const found = founds[i] ?? null;
    const force = forces[i] as InForce;
    const isLocal = read.manifest?.policy === 'local';
    const judges = read.manifest && isLocal ? localJudges(read.manifest, read.signed) : await judgesIn(audit, force.source);
    const [manifest, seen] = [open[i], gathered[i]];
    const content = remembered[i] ?? (manifest && seen ? await judgeContent(repo, manifest, seen, judges) : null);
    if (content && !content.incomplete && content.findings.length === 0) cache.set(keys[i] ?? '', true);
    const landing = found && { ...found.landing, signed: arrivals[i] ?? null };
    const judged = await judgeSealed(repo, { read, content, landing, judges });
    const part = read.manifest && isLocal ? { ...judged, findings: withoutKey(judged.findings, read.manifest) } : judged;
    const findings = [...aboutTags(subject.tags, tag, found), ...force.findings];
    if (found && verdictOf([...findings, ...part.findings]) === 'verified') hintVerified(cache, tag, found.landing.commit);
    return { tag, part, found, findings, source: force.source, cached: remembered[i] !== null };
  });
}

/** Names what the content of a seal was judged by. */
function contentKey(tag: BackupTag, found: FoundLanding | null, source: string | null): string {
  return `content ${tag.ref} ${tag.oid} ${found?.landing.commit ?? '-'} ${source ?? '-'}`;
}

/** Content in which an earlier audit found nothing wrong, its files read from git; null where it has to be judged. */
async function rememberedContent(
  audit: Audit,
  cache: VerdictCache,
  reads: readonly ReadTag[],
  keys: readonly string[],
): Promise<(Content | null)[]> {
  const known = reads.map(({ manifest }, i) => (manifest && cache.get(keys[i] ?? '') === true ? manifest : null));
  const sealed = await sealedBy(
    audit.repo,
    known.flatMap((manifest) => manifest ?? []),
  );
  return known.map((manifest) => {
    const files = manifest && sealed.shift();
    return files ? { findings: [], sealed: [...files], incomplete: false } : null;
  });
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
async function countApprovals({ audit }: Judging, subject: Subject, part: SealedPart, source: string | null) {
  const findings: Finding[] = [];
  const judges = await judgesIn(audit, source);
  const needed = judges.policy.approvals.count;
  const { approval } = part;
  if (!approval) return { needed, principals: [], findings };
  // How many a policy of one clone asked for, and of whom, nobody can tell.
  if (approval.policy === null) return { needed: 0, principals: [], findings };
  const principals = new Set(part.findings.some(({ code }) => code.startsWith('tag-')) ? [] : [approval.approver.principal]);
  for (const tag of subject.approvals) {
    const approved = { id: subject.id, seal: approval.seal, manifestSha256: approval.manifest_sha256 };
    const principal = await approvalBy(audit.repo, tag, approved, judges);
    if (principal === null)
      findings.push(failed('approval-tag', `${tag.ref.slice('refs/tags/'.length)} is no valid approval of this seal.`));
    else if (judges.policy.approvals.self === 'deny' && (await isOwnWork(audit.repo, approval, principal)))
      findings.push(ownWork(principal));
    else principals.add(principal);
  }
  return { needed, principals: [...principals], findings };
}

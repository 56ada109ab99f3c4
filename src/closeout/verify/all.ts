/** The audit of every session, and of what the bases hold beside them. */

import { parseMetadata } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { type Finding, failed, listed, short, type Verdict } from '../../core/verify/finding.ts';
import { readMany } from '../../git/batch.ts';
import { closeoutClaims } from '../../git/claims.ts';
import { isAncestor } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { inParallel } from '../../lifecycle/in-parallel.ts';
import { type VerdictCache, verdictCache } from '../../store/verdicts.ts';
import { type BackupTag, backupTags } from '../landed/landings.ts';
import { approvalTags } from './approvals.ts';
import { type Audit, type AuditedBase, type AuditOptions, openAudit } from './audit.ts';
import { type BaseFiles, baseFiles } from './base-files.ts';
import { type FoundLanding, findArrivals } from './found.ts';
import type { VerifyReport } from './report.ts';
import { judgeSessions, type Subject } from './session.ts';
import { isHinted } from './verdict-hint.ts';

export interface AllReport {
  verdict: Verdict;
  /** Newest first. */
  sessions: VerifyReport[];
  /** Faults that belong to no session. */
  findings: Finding[];
  policy: { branch: string; root: string; commit: string; source: string | null; local: boolean };
  /** Policy accepts sessions that landed without an approval. */
  acceptsUnsigned: boolean;
  /** Sessions that landed by a policy of one clone before that of the branch began: what that one rests on. */
  before: ReadonlySet<SessionId>;
}

export interface AllOptions extends AuditOptions {
  /** Told now and then. */
  onProgress?: (done: number, of: number) => void;
}

/** So many sessions are read together: few processes, and no more in memory than these. Of one that was audited before little is read. */
const TOGETHER = { anew: 50, again: 250 };
/** So many times those: while git reads for some, others are judged. */
const AT_ONCE = 2;

/** Judges every session that has a backup tag or came to a base, and the bases themselves. Throws as verifySession. */
export async function verifyAll(repo: Repo, options: AllOptions = {}): Promise<AllReport> {
  const audit = await openAudit(repo, options);
  const [tags, approvals] = await Promise.all([backupTags(audit.repo), approvalTags(audit.repo)]);
  const { bases, arrivals } = await findArrivals(audit, [audit.policy.branch, ...(await basesOfTags(audit.repo, tags))], tags);
  const ids = [...new Set([...tags.map(({ id }) => id), ...arrivals.keys()])].sort().reverse();
  const cache = verdictCache(audit.repo.commonDir, 'verify', { blind: audit.noCache });
  const files = filesOf(audit);
  const subjects = ids.map((id) => ({
    id,
    tags: tags.filter((tag) => tag.id === id),
    arrivals: arrivals.get(id) ?? [],
    approvals: approvals.filter((tag) => tag.id === id),
  }));
  let done = 0;
  const judge = async (batch: Subject[]) => {
    const reports = await judgeSessions({ audit, cache, files }, batch);
    done += batch.length;
    options.onProgress?.(done, ids.length);
    return reports;
  };
  const [judged, loose] = await Promise.all([inParallel(batches(subjects, cache), judge, AT_ONCE), beside(audit, bases, arrivals, files)]);
  const sessions = judged.flat().sort((a, b) => (a.id < b.id ? 1 : -1));
  cache.save();
  const findings = [...ignoredPolicy(audit), ...loose];
  const { branch, root, commit, source, policy, local } = audit.policy;
  return {
    verdict: worst([...sessions.map(({ verdict }) => verdict), ...(findings.length > 0 ? (['failed'] as const) : [])]),
    sessions,
    findings,
    policy: { branch, root, commit, source, local: local !== null },
    acceptsUnsigned: policy.memory.trust === 'landed',
    before: await landedBefore(audit, sessions),
  };
}

async function landedBefore({ repo, policy: { root } }: Audit, sessions: readonly VerifyReport[]): Promise<Set<SessionId>> {
  const own = sessions.filter(({ verdict, approval }) => root !== '' && verdict === 'unverified' && approval?.policy === null);
  const before = await inParallel(own, ({ landing }) => (landing ? isAncestor(repo, landing.commit, root) : Promise.resolve(false)));
  return new Set(own.filter((_, i) => before[i]).map(({ id }) => id));
}

/** What was audited before apart from the rest. */
function batches(subjects: readonly Subject[], cache: VerdictCache): Subject[][] {
  const isKnown = ({ tags: [tag], arrivals }: Subject) =>
    tag !== undefined && arrivals.some(({ landing }) => isHinted(cache, tag, landing.commit));
  const again = subjects.filter(isKnown);
  const anew = subjects.filter((subject) => !isKnown(subject));
  return [...inSlices(again, TOGETHER.again), ...inSlices(anew, TOGETHER.anew)];
}

function inSlices<T>(items: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, i) => items.slice(i * most, (i + 1) * most));
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes('failed') ? 'failed' : verdicts.includes('unverified') ? 'unverified' : 'verified';
}

/** Short names of the branches that sealed sessions say they land on. */
async function basesOfTags(repo: Repo, tags: readonly BackupTag[]): Promise<string[]> {
  const blobs = [...new Set(tags.flatMap(({ metadata }) => metadata ?? []))];
  const objects = await readMany(repo, blobs);
  return [...new Set(objects.flatMap((object) => parseMetadata(object?.body.toString('utf8') ?? '')?.base ?? []))];
}

function filesOf(audit: Audit): (base: AuditedBase) => Promise<BaseFiles> {
  const known = new Map<string, Promise<BaseFiles>>();
  return (base) => {
    const files = known.get(base.tip) ?? baseFiles(audit.repo, base);
    known.set(base.tip, files);
    return files;
  };
}

/** Changes of policy that no approver signed do not count, but they stand on the branch and mislead whoever reads it. */
function ignoredPolicy({ policy }: Audit): Finding[] {
  return policy.ignored.map((commit) =>
    failed(
      'policy-ignored',
      `${short(commit)} changed policy or approvers on ${policy.branch} without an approver's signature; it does not count.`,
    ),
  );
}

/** Commits that only say that they close a session, and logs that belong to no landed one. */
async function beside(
  audit: Audit,
  bases: readonly AuditedBase[],
  arrivals: ReadonlyMap<SessionId, FoundLanding[]>,
  files: (base: AuditedBase) => Promise<BaseFiles>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const landings = new Set([...arrivals.values()].flat().map(({ landing }) => landing.commit));
  for (const base of bases) {
    for (const { commit, session } of await closeoutClaims(audit.repo, base.tip)) {
      if (landings.has(commit)) continue;
      const what = `${short(commit)} on ${base.name} says that it closes ${oneLine(session, 100) || 'a session'}, but it landed none.`;
      findings.push(failed('imitation', what));
    }
    const loose = [...(await files(base))].flatMap(([id, own]) => (arrivals.has(id) ? [] : [...own.keys()]));
    if (loose.length > 0) {
      findings.push(
        failed('unsealed-log', `Session files on ${base.name} belong to no seal: ${listed(loose.map((path) => oneLine(path, 160)))}.`),
      );
    }
  }
  return findings;
}

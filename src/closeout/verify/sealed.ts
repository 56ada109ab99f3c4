/** What the tag vouches for: tag, manifest, seal, documents, log and landing, against the policy at the landing. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { mergeRecords, parseLog } from '../../core/log/log.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import { oneLine } from '../../core/text/text.ts';
import { judgeCheckRecords, judgeChecks } from '../../core/verify/checks.ts';
import { judgeDocuments } from '../../core/verify/documents.ts';
import { type Finding, failed, listed } from '../../core/verify/finding.ts';
import type { LandedAs } from '../../core/verify/merge.ts';
import { judgePresence } from '../../core/verify/presence.ts';
import { judgeRecords } from '../../core/verify/records.ts';
import { judgeSeal } from '../../core/verify/seal.ts';
import { judgeSignature } from '../../core/verify/signature.ts';
import { judgeTrees } from '../../core/verify/trees.ts';
import { listCommits } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import type { SignedObject } from '../../git/signed.ts';
import { verifySigned } from '../../trust/signature.ts';
import { readSshSignature } from '../../trust/ssh-key.ts';
import type { Evidence, Missing } from './evidence.ts';
import { judgeLanding, type ReadLanding } from './landing.ts';
import type { Judges } from './policy-line.ts';
import type { Approval } from './report.ts';
import type { ReadTag } from './tags.ts';

export interface SealedPart {
  findings: Finding[];
  approval: Approval | null;
  as: LandedAs | null;
  /** Paths that landed otherwise than they were approved. */
  otherwise: string[];
  /** Path to blob of every file that the seal left under the session's own paths, artifacts aside. */
  sealed: [path: string, blob: string][];
  /** Objects are missing from this clone: the verdict is not to be remembered. */
  incomplete: boolean;
}

export const NOTHING_SEALED: SealedPart = { findings: [], approval: null, as: null, otherwise: [], sealed: [], incomplete: false };

export interface SealedFacts {
  read: ReadTag;
  /** Null where the tag carries no manifest. */
  content: Content | null;
  landing: ReadLanding | null;
  /** Policy and approvers in force at the landing. */
  judges: Judges;
}

/** What was found about the content that the manifest speaks of. It follows from the tag and the policy alone, so an earlier audit's holds. */
export interface Content {
  findings: Finding[];
  /** As SealedPart's. */
  sealed: SealedPart['sealed'];
  incomplete: boolean;
}

/** Judges everything that the tag vouches for. Signatures, and what ties tag, manifest, seal and landing together, are looked at each time. */
export async function judgeSealed(repo: Repo, { read, content, landing, judges }: SealedFacts): Promise<SealedPart> {
  const { manifest } = read;
  if (!manifest || !content) return { ...NOTHING_SEALED, findings: read.findings };
  const keyType = readSshSignature(read.signed?.signature ?? '')?.type ?? null;
  const findings = [
    ...read.findings,
    ...(await judgeTagSignature(read.signed, manifest, judges)),
    ...judgePresence(manifest, judges.policy.presence, keyType),
    ...content.findings,
  ];
  const approval = approvalOf(manifest, read.manifestSha256, judges);
  if (content.incomplete) return { ...NOTHING_SEALED, findings, approval, incomplete: true };
  const landed = landing && (await judgeLanding(repo, { manifest, manifestSha256: read.manifestSha256, landing, judges }));
  findings.push(...(landed?.findings ?? []));
  return { findings, approval, as: landed?.as ?? null, otherwise: landed?.paths ?? [], sealed: content.sealed, incomplete: false };
}

/** Judges what the manifest says of its content: seal, trees, checks, documents, log. */
export async function judgeContent(repo: Repo, manifest: Manifest, evidence: Evidence | Missing, judges: Judges): Promise<Content> {
  if ('missing' in evidence) {
    const what = `This clone does not have ${listed(evidence.missing)}, which the manifest names.`;
    return { findings: [failed('object-missing', what)], sealed: [], incomplete: true };
  }
  const findings = [...judgeFiles(manifest, evidence, judges), ...(await judgeSelf(repo, manifest, judges))];
  return { findings, sealed: [...evidence.sealed], incomplete: false };
}

async function judgeTagSignature(signed: SignedObject | null, manifest: Manifest, judges: Judges): Promise<Finding[]> {
  if (!signed?.signature) return [];
  const verdict = await verifySigned(signed, judges.approvers, { expected: manifest.approver.principal });
  return judgeSignature('The backup tag', 'tag', verdict, manifest.approver);
}

function approvalOf(manifest: Manifest, manifestSha256: string, judges: Judges): Approval {
  return {
    approver: manifest.approver,
    presence: manifest.presence,
    approved_at: manifest.approved_at,
    closed_at: manifest.closed_at,
    base_branch: manifest.base_branch,
    seal: manifest.seal,
    tip: manifest.tip,
    base: manifest.base,
    landed_tree: manifest.landed_tree,
    manifest_sha256: manifestSha256,
    checks: manifest.checks.map(({ name, status, required }) => ({ name, status, required })),
    accepted: manifest.accepted,
    policy: manifest.policy === 'local' ? null : { commit: manifest.policy.commit, root: manifest.policy.root, source: judges.source },
  };
}

/** Seal, trees, checks, documents and log. */
function judgeFiles(manifest: Manifest, evidence: Evidence, { policy }: Judges): Finding[] {
  const dropsArtifacts = policy.land.artifacts === 'tag';
  const changed = evidence.changed.map(({ path }) => path);
  // Sealed and approved in one act: the figures of the documents are the manifest's.
  const strict = manifest.approved_at === manifest.closed_at && manifest.reviewed_base === null;
  const sealedLogs = [...evidence.texts].filter(([path]) => parseLogPath(manifest.session, path)).map(([, text]) => parseLog(text));
  const records = mergeRecords(...sealedLogs.map((log) => log.records));
  const findings = [
    ...judgeSeal({ ...evidence, manifest, changes: evidence.sealing, dropsArtifacts }),
    ...judgeTrees({ ...evidence, manifest, sealed: evidence.afterChecks.map(({ path }) => path), dropsArtifacts }),
    // Of an abandoned session nothing lands that a check of the policy could look at; that the trees say so is judged above.
    ...judgeChecks({ manifest, policy: policy.checks.list, changed: manifest.lessons_only ? [] : changed }),
    ...judgeCheckRecords(manifest, records, strict),
  ];
  const { documents, metadata } = evidence;
  if ('findings' in documents) return [...findings, ...documents.findings];
  if (!metadata) return findings;
  const before = mergeRecords(...evidence.tipLogs.map((text) => parseLog(text).records));
  const bad = sealedLogs.reduce((sum, log) => sum + log.bad.length, 0);
  return [
    ...findings,
    ...judgeDocuments({ manifest, metadata, ...documents, files: evidence.files, artifacts: evidence.artifacts, changed, strict }),
    ...judgeRecords({
      manifest,
      records,
      before,
      bad,
      metrics: documents.metrics,
      backup: documents.backup,
      policy,
      values: evidence.values,
    }),
  ];
}

/** Where policy forbids approving one's own work, somebody else must have written in the session. */
async function judgeSelf(repo: Repo, manifest: Manifest, { policy }: Judges): Promise<Finding[]> {
  const { principal } = manifest.approver;
  if (policy.approvals.self === 'allow' || !(await isOwnWork(repo, manifest, principal))) return [];
  return [ownWork(principal)];
}

/** The finding where somebody approved what is all their own. */
export const ownWork = (principal: string): Finding =>
  failed('self-approval', `${oneLine(principal, 100)} approved work that is all their own, which policy forbids.`);

/** Whether every commit of the session is by this person. */
export async function isOwnWork(repo: Repo, { base, tip }: Pick<Manifest, 'base' | 'tip'>, principal: string): Promise<boolean> {
  const authors = new Set((await listCommits(repo, [`${base}..${tip}`])).map(({ authorEmail }) => authorEmail.toLowerCase()));
  return authors.size === 1 && authors.has(principal.toLowerCase());
}

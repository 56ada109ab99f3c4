/** The part of an audit that never changes: tag, manifest, seal, documents, log and landing, against the policy at the landing. */

import { createHash } from 'node:crypto';
import { mergeRecords, parseLog } from '../../core/log.ts';
import type { Manifest } from '../../core/manifest.ts';
import { sessionPaths } from '../../core/metadata.ts';
import type { SessionId } from '../../core/session-id.ts';
import { oneLine } from '../../core/text.ts';
import { judgeCheckRecords, judgeChecks } from '../../core/verify/checks.ts';
import { judgeDocuments } from '../../core/verify/documents.ts';
import { type Finding, failed, listed } from '../../core/verify/finding.ts';
import type { LandedAs } from '../../core/verify/merge.ts';
import { judgePresence } from '../../core/verify/presence.ts';
import { judgeRecords } from '../../core/verify/records.ts';
import { judgeSeal } from '../../core/verify/seal.ts';
import { judgeSignature } from '../../core/verify/signature.ts';
import { judgeTag } from '../../core/verify/tag.ts';
import { judgeTrees } from '../../core/verify/trees.ts';
import { listCommits } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { readSigned, type SignedObject } from '../../git/signed.ts';
import { verifySigned } from '../../trust/signature.ts';
import { readSshSignature } from '../../trust/ssh-key.ts';
import type { BackupTag, Landing } from '../landings.ts';
import { readDocuments } from './documents.ts';
import { type Evidence, filesAt, gatherEvidence } from './evidence.ts';
import { judgeLanding } from './landing.ts';
import { parseManifest } from './manifest-schema.ts';
import type { Judges } from './policy-line.ts';
import type { Approval } from './report.ts';

export interface SealedPart {
  findings: Finding[];
  approval: Approval | null;
  as: LandedAs | null;
  /** Path to blob of every file that the seal left under the session's own paths, artifacts aside. */
  sealed: [path: string, blob: string][];
  /** Objects are missing from this clone: the verdict is not to be remembered. */
  incomplete: boolean;
}

const NOTHING: SealedPart = { findings: [], approval: null, as: null, sealed: [], incomplete: false };

/** The tag's object, its manifest where it carries a valid one, and what is wrong so far. */
export interface ReadTag {
  findings: Finding[];
  manifest: Manifest | null;
  manifestSha256: string;
  /** The tag's object; null where it is no tag or commit. */
  signed: SignedObject | null;
}

/** Reads and judges the tag alone: form, target, manifest. Two processes at most. */
export async function readTag(repo: Repo, id: SessionId, tag: BackupTag): Promise<ReadTag> {
  const signed = await readSigned(repo, tag.oid);
  const name = tag.ref.slice('refs/tags/'.length);
  const judged = judgeTag({
    id,
    name,
    type: signed?.type ?? 'blob',
    oid: tag.oid,
    payload: utf8(signed?.payload),
    signed: typeof signed?.signature === 'string',
  });
  const findings = [...judged.findings];
  if (signed?.broken) findings.push(failed('tag-malformed', `The object of ${name} is not to be believed: ${signed.broken}.`));
  const nothing = { findings, manifest: null, manifestSha256: '', signed };
  if (!judged.manifest || findings.some(({ code }) => code === 'manifest-version')) return nothing;
  const parsed = parseManifest(judged.manifest.value);
  if ('wrong' in parsed) {
    findings.push(failed('manifest-invalid', `The manifest is not valid at ${oneLine(parsed.wrong, 200)}.`));
    return nothing;
  }
  const { manifest } = parsed;
  if (manifest.session !== id) {
    findings.push(failed('manifest-session', `The manifest is about ${manifest.session}, not ${id}.`));
    return nothing;
  }
  if (judged.target !== manifest.seal) {
    const what = `${name} points at ${oneLine(judged.target ?? 'nothing', 12)}, but its manifest names the seal ${manifest.seal.slice(0, 10)}.`;
    findings.push(failed('tag-target', what));
  }
  return { findings, manifest, manifestSha256: createHash('sha256').update(judged.manifest.text).digest('hex'), signed };
}

/** Judges everything that the tag vouches for. `judges`: policy and approvers in force at the landing. */
export async function judgeSealed(repo: Repo, read: ReadTag, landing: Landing | null, judges: Judges): Promise<SealedPart> {
  const { manifest } = read;
  if (!manifest) return { ...NOTHING, findings: read.findings };
  const findings = [...read.findings, ...(await judgeTagSignature(read.signed, manifest, judges))];
  const keyType = readSshSignature(read.signed?.signature ?? '')?.type ?? null;
  findings.push(...judgePresence(manifest, judges.policy.presence, keyType));
  const approval = approvalOf(manifest, read.manifestSha256, judges);
  const evidence = await gatherEvidence(repo, manifest);
  if ('missing' in evidence) {
    findings.push(failed('object-missing', `This clone does not have ${listed(evidence.missing)}, which the manifest names.`));
    return { ...NOTHING, findings, approval, incomplete: true };
  }
  findings.push(...(await judgeContent(repo, manifest, evidence, judges)));
  const landed = landing && (await judgeLanding(repo, { manifest, manifestSha256: read.manifestSha256, landing, judges, evidence }));
  findings.push(...(landed?.findings ?? []));
  return { findings, approval, as: landed?.as ?? null, sealed: [...evidence.sealed], incomplete: false };
}

function utf8(bytes: Buffer | undefined): string | null {
  try {
    return bytes === undefined ? null : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
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
    policy: { commit: manifest.policy.commit, root: manifest.policy.root, source: judges.source },
  };
}

/** Seal, trees, checks, documents and log. */
async function judgeContent(repo: Repo, manifest: Manifest, evidence: Evidence, { policy }: Judges): Promise<Finding[]> {
  const dropsArtifacts = policy.land.artifacts === 'tag';
  const changed = evidence.changed.map(({ path }) => path);
  // Sealed and approved in one act: the figures of the documents are the manifest's.
  const strict = manifest.approved_at === manifest.closed_at && manifest.reviewed_base === null;
  const logs = [...evidence.texts].filter(([path]) => path.startsWith(`${sessionPaths(manifest.session).log}/`)).map(([, text]) => text);
  const sealedLog = logs.map((text) => parseLog(text));
  const records = mergeRecords(...sealedLog.map((log) => log.records));
  const findings = [
    ...judgeSeal({ ...evidence, manifest, changes: evidence.sealing, dropsArtifacts }),
    ...judgeTrees({ ...evidence, manifest, sealed: evidence.afterChecks.map(({ path }) => path), dropsArtifacts }),
    ...judgeChecks({ manifest, policy: policy.checks.list, changed }),
    ...judgeCheckRecords(manifest, records, strict),
    ...(await judgeSelf(repo, manifest, policy.approvals.self)),
  ];
  const documents = readDocuments(manifest, evidence.texts);
  if ('findings' in documents) return [...findings, ...documents.findings];
  if (!evidence.metadata) return findings;
  const workspace = documents.inventory.workspace.map(({ path }) => path);
  const tree = new Map([...evidence.artifacts, ...(await filesAt(repo, manifest.tip, workspace))]);
  return [
    ...findings,
    ...judgeDocuments({ manifest, metadata: evidence.metadata, ...documents, tree, changed, strict }),
    ...judgeRecords({
      manifest,
      records,
      before: mergeRecords(...evidence.tipLogs.map((text) => parseLog(text).records)),
      bad: sealedLog.reduce((sum, log) => sum + log.bad.length, 0),
      metrics: documents.metrics,
      backup: documents.backup,
      policy,
    }),
  ];
}

/** Where policy forbids approving one's own work, somebody else must have written in the session. */
async function judgeSelf(repo: Repo, manifest: Manifest, self: 'allow' | 'deny'): Promise<Finding[]> {
  if (self === 'allow') return [];
  const commits = await listCommits(repo, [`${manifest.base}..${manifest.tip}`]);
  const authors = new Set(commits.map(({ authorEmail }) => authorEmail.toLowerCase()));
  if (authors.size !== 1 || !authors.has(manifest.approver.principal.toLowerCase())) return [];
  return [
    failed('self-approval', `${oneLine(manifest.approver.principal, 100)} approved work that is all their own, which policy forbids.`),
  ];
}

/** Reads what a report tells: of an open session as it stands now, of a sealed or closed one as it was sealed. Changes nothing of the session. */

import { createHash } from 'node:crypto';
import type { Manifest } from '../../core/closeout/manifest.ts';
import type { Backup } from '../../core/documents/backup.ts';
import { type CloseoutFacts, decidePatterns } from '../../core/documents/facts.ts';
import { type Metrics, metricsOf } from '../../core/documents/metrics.ts';
import type { RecordedCheck } from '../../core/documents/recorded-checks.ts';
import { summaryOf } from '../../core/documents/summary.ts';
import { SessionError, stateError } from '../../core/errors.ts';
import { mergeRecords } from '../../core/log/log.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import type { CheckResult } from '../../core/policy/policy.ts';
import { isSealed, type ReportApproval, type ReportAudit, type ReportCheck, type ReportFacts } from '../../core/report/facts.ts';
import { reportPage } from '../../core/report/page.ts';
import { STYLE } from '../../core/report/style.ts';
import { type SessionState, sessionPaths } from '../../core/session/metadata.ts';
import { rejectionsIn } from '../../core/session/reason.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { parseJson } from '../../core/text/json.ts';
import { mergeBase } from '../../git/ancestry.ts';
import { readAt } from '../../git/objects.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { type RecordSet, sessionRecords } from '../../lifecycle/session/records.ts';
import { isLandedOnly, type Session } from '../../lifecycle/session/session.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { leftBase } from '../prepare/draft.ts';
import { contentOf, readTree } from '../prepare/facts.ts';
import { sealOf } from '../prepare/sealed.ts';
import { backupSchema } from '../schemas/backup.ts';
import { metricsSchema } from '../schemas/metrics.ts';
import { verifySession } from '../verify/index.ts';
import { readTag } from '../verify/tags.ts';
import { backupTags, landingOf } from './landings.ts';

export interface ReportOptions {
  now: Date;
  version: string;
  /** Told where this clone reads its policy from now on, the first time. */
  onPinned?: (line: string) => void;
}

export interface Report {
  facts: ReportFacts;
  /** Markdown. */
  summary: string;
}

/** Throws (exit 1) where this clone does not hold the session's history. */
export async function readReport(repo: Repo, session: Session, options: ReportOptions): Promise<Report> {
  const state = await deriveState(repo, session);
  const sealed = isSealed(state);
  const { manifest, approval } = sealed ? await approvalOf(repo, session) : { manifest: null, approval: null };
  const at = await standing(repo, session, state, manifest);
  const documents = at.seal === null ? null : await sealedDocuments(repo, session.id, at.seal);
  const reading = await readTree(repo, { ...session, tip: at.tip }, at.fork);
  const { facts, records } = await contentOf(
    repo,
    {
      session: { ...session, tip: at.tip },
      mergeBase: at.fork,
      landsOn: at.landsOn,
      base: manifest?.base_branch ?? session.metadata.base,
      checks: manifest?.checks ?? [],
      closedAt: manifest?.closed_at ?? (sealed ? session.metadata.closed_at : null) ?? options.now.toISOString(),
    },
    reading,
    await recordsOf(repo, session.id, at),
  );
  const told = asSealed(facts, manifest, documents?.backup ?? null);
  return {
    facts: {
      facts: told,
      metrics: documents?.metrics ?? metricsOf(told),
      state,
      checks: manifest ? manifest.checks.map(approvedCheck) : facts.recorded.map(recordedCheck),
      rejections: rejectionsIn(records),
      approval,
      audit: sealed ? await auditOf(repo, session, options) : null,
      made_at: options.now.toISOString(),
      version: options.version,
    },
    summary: documents?.summary ?? summaryOf(told),
  };
}

/** What was recorded and not committed before the seal stands in the seal's log. */
async function recordsOf(repo: Repo, id: SessionId, { tip, seal }: Standing): Promise<RecordSet> {
  const own = await sessionRecords(repo, { id, tip });
  if (seal === null) return own;
  const { records } = await sessionRecords(repo, { id, tip: seal });
  return { ...own, records: mergeRecords(own.records, records) };
}

/** What the seal wrote; a document that is none of ours is null, and then computed anew. */
async function sealedDocuments(repo: Repo, id: SessionId, seal: string) {
  const at = sessionPaths(id);
  const [summary, metrics, backup] = await Promise.all([at.summary, at.metrics, at.backup].map((path) => readAt(repo, seal, path)));
  return {
    summary: summary ?? null,
    metrics: (metricsSchema.safeParse(parseJson(metrics ?? '')).data as Metrics | undefined) ?? null,
    backup: (backupSchema.safeParse(parseJson(backup ?? '')).data as Backup | undefined) ?? null,
  };
}

/** With the patterns as they were decided on, and the memory of the backup: what lasts for the session alone is in no log any more. */
function asSealed(facts: CloseoutFacts, manifest: Manifest | null, backup: Backup | null): CloseoutFacts {
  const decided = decidePatterns(facts, { dropped: new Set(manifest?.patterns.dropped) });
  const edited = new Set(manifest?.patterns.edited);
  const patterns = decided.patterns.map((pattern) => ({ ...pattern, edited: edited.has(pattern.key) }));
  if (!backup) return { ...decided, patterns };
  const memory = Object.entries(backup.memory_snapshot).flatMap(([namespace, entries]) =>
    entries.map(({ key, value, at, by, task, tags, origin }): MemoryEntry => {
      const known = facts.memory.find((entry) => entry.namespace === namespace && entry.key === key && entry.at === at);
      const actor = known?.by ?? { kind: 'agent', name: by };
      const rest = { blob: null, session: facts.id, record: known?.record ?? '', expires_at: null, origin: origin ?? null };
      return { namespace, key, value, at, by: actor, task, tags, ...rest };
    }),
  );
  return { ...decided, patterns, memory };
}

/** The page; nothing in it depends on anything but the facts. */
export function pageOf(facts: ReportFacts): string {
  return reportPage(facts, createHash('sha256').update(STYLE).digest('base64'));
}

async function approvalOf(repo: Repo, { id }: Session): Promise<{ manifest: Manifest | null; approval: ReportApproval | null }> {
  const [tag] = await backupTags(repo, id);
  const read = tag ? await readTag(repo, id, tag) : null;
  if (!tag || !read?.manifest) return { manifest: null, approval: null };
  const { approver, approved_at, presence, seal, accepted, lessons_only } = read.manifest;
  const name = tag.ref.slice('refs/tags/'.length);
  return {
    manifest: read.manifest,
    approval: { approver, approved_at, presence, tag: name, seal, manifest: read.manifestSha256, accepted, lessons_only },
  };
}

interface Standing {
  /** The commit that holds the session's work, and where that work left base. */
  tip: string;
  fork: string;
  /** The commit of base that it is compared with. */
  landsOn: string;
  /** The commit that holds what the seal wrote; null of an open session. */
  seal: string | null;
}

async function standing(repo: Repo, session: Session, state: SessionState, manifest: Manifest | null): Promise<Standing> {
  if (manifest) {
    const { tip, base, seal } = manifest;
    for (const commit of [tip, base, seal]) if (!(await commitOf(repo, commit))) throw notHere(repo, session);
    return { tip, landsOn: base, fork: (await mergeBase(repo, base, tip)) ?? base, seal };
  }
  if (isLandedOnly(session)) {
    const landing = await landingOf(repo, session.id, session.tip);
    const before = landing && (await commitOf(repo, `${landing.commit}^1`));
    if (!landing || !before) throw notHere(repo, session);
    return { tip: landing.commit, landsOn: before, fork: before, seal: landing.commit };
  }
  const found = isSealed(state) ? await sealOf(repo, session) : null;
  const tip = found?.before ?? session.tip;
  const fork = await leftBase(repo, { ...session, tip });
  const base = await commitOf(repo, `refs/heads/${session.metadata.base}`);
  return { tip, landsOn: base ?? fork, fork, seal: found?.seal.commit ?? null };
}

function notHere(repo: Repo, { id }: Session) {
  return stateError({
    what: `The history of ${id} is not in this clone${repo.shallow ? ', which is shallow' : ''}.`,
    next: repo.shallow ? 'Deepen it with: git fetch --unshallow --tags' : 'Fetch its backup tag: git fetch --tags',
  });
}

async function auditOf(repo: Repo, { id }: Session, { onPinned }: ReportOptions): Promise<ReportAudit | null> {
  try {
    const { verdict, findings, approvals, landing, tag } = await verifySession(repo, id, onPinned ? { onPinned } : {});
    return tag || landing ? { verdict, why: null, findings, approvals, landing } : null;
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    const why = [error.message, error.next].filter(Boolean).join(' ');
    return { verdict: 'not checked', why, findings: [], approvals: { needed: 0, principals: [] }, landing: null };
  }
}

function approvedCheck(check: CheckResult): ReportCheck {
  return { ...check, at: check.reused_from };
}

function recordedCheck({ tests: total, failed = 0, coverage, ...run }: RecordedCheck): ReportCheck {
  const tests = total === undefined ? null : { total, failed, skipped: null };
  return { ...run, tests, coverage: coverage ?? null, required: null, detail: null, log_sha256: null, inputs_changed: [] };
}

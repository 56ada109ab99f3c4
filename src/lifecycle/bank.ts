/** The reasoning bank: the patterns that a session or a branch sees, each with what was measured of it and who approved it. */

import { mergeRecords } from '../core/log.ts';
import type { Approver } from '../core/manifest.ts';
import { foldMerged } from '../core/memory.ts';
import { isProjectMemory } from '../core/memory-key.ts';
import { type Pattern, readPatterns } from '../core/pattern.ts';
import { closeoutsIn, type MeasuredOutcome, measure, OUTCOME_KINDS, type Use, usesIn } from '../core/pattern-outcome.ts';
import type { AnyRecord } from '../core/record.ts';
import type { SessionId } from '../core/session-id.ts';
import type { Repo } from '../git/run.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { type ApprovedLog, type ApprovedOptions, approvedLogs } from '../trust/approved.ts';
import { recordsOf } from './memory.ts';
import { sessionRecords } from './records.ts';
import type { Session } from './session.ts';

export interface KnownPattern extends Pattern {
  outcome: MeasuredOutcome;
  uses: Use[];
  /** Who approved the session that stored it, and its seal. Null: nobody has yet, or policy (`memory.trust: landed`) asks for nobody. */
  approved: { by: Approver; seal: string; tag: string } | null;
}

export interface Bank {
  patterns: KnownPattern[];
  /** Approved project memory, and what outcomes rest on, unordered. */
  records: AnyRecord[];
  /** The session's own records of the same kinds. */
  own: AnyRecord[];
  logs: ApprovedLog[];
}

/** What a session sees: approved patterns and its own. Or what a commit holds, of sessions other than `except`: approved ones alone. */
export async function readBank(
  repo: Repo,
  at: { session: Pick<Session, 'id' | 'tip'> } | { commit: string; except?: SessionId },
  options: ApprovedOptions = {},
): Promise<Bank> {
  const session = 'session' in at ? at.session : null;
  const tip = 'session' in at ? at.session.tip : at.commit;
  const except = 'session' in at ? at.session.id : at.except;
  const [approved, own] = await Promise.all([
    readApprovedBank(repo, tip, { ...options, ...(except ? { except } : {}) }),
    session ? sessionRecords(repo, session) : null,
  ]);
  return bankOf(repo, approved, own?.records ?? []);
}

/** The approved part of a bank. */
export type ApprovedBank = Pick<Bank, 'records' | 'logs'>;

export async function readApprovedBank(repo: Repo, tip: string, options: ApprovedOptions): Promise<ApprovedBank> {
  const logs = await approvedLogs(repo, tip, options);
  return { logs, records: recordsOf(repo, logs, OUTCOME_KINDS) };
}

/** The bank that the approved part and a session's own records come to. */
export function bankOf(repo: Repo, { logs, records }: ApprovedBank, own: readonly AnyRecord[]): Bank {
  const mine = ownRecords(repo, own);
  return { patterns: knownPatterns(logs, records, mine), records, own: mine, logs };
}

function ownRecords(repo: Repo, records: readonly AnyRecord[]): AnyRecord[] {
  const policy = compiledPolicy(repo.commonDir);
  return records.filter((record) => record.kind === 'pattern.used' || isProjectMemory(record, policy));
}

function knownPatterns(logs: readonly ApprovedLog[], approved: readonly AnyRecord[], own: readonly AnyRecord[]): KnownPattern[] {
  const records = mergeRecords(approved, own);
  const closeouts = closeoutsIn(logs, approved);
  const usesOf = usesIn(records);
  const manifests = new Map(logs.map(({ id, manifest, tag }) => [id, manifest && tag ? { manifest, tag } : null]));
  return readPatterns(foldMerged(records, Date.now())).map((pattern): KnownPattern => {
    const uses = usesOf(pattern);
    const signed = manifests.get(pattern.session);
    const by = signed && { by: signed.manifest.approver, seal: signed.manifest.seal, tag: signed.tag };
    return { ...pattern, uses, outcome: measure(uses, closeouts), approved: by ?? null };
  });
}

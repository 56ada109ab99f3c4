/** What a report of a session is made from. */

import type { Approver } from '../closeout/manifest.ts';
import type { CloseoutFacts } from '../documents/facts.ts';
import type { Metrics } from '../documents/metrics.ts';
import type { CheckResult, Policy } from '../policy/policy.ts';
import type { SessionState } from '../session/metadata.ts';
import type { Finding, Verdict } from '../verify/finding.ts';

/** A result as far as it is known: what was approved is whole, a record of the log is less. */
export type ReportCheck = Pick<CheckResult, 'name' | 'status' | 'tree' | 'exit_code' | 'duration_ms' | 'coverage'> & {
  required: boolean | null;
  detail: string | null;
  tests: { total: number; failed: number; skipped: number | null } | null;
  log_sha256: string | null;
  inputs_changed: string[];
  /** When it ran, ISO 8601 UTC; null where the approval says it. */
  at: string | null;
};

/** What the backup tag says, and what an audit found just now. */
export interface ReportApproval {
  approver: Approver;
  approved_at: string;
  presence: Policy['presence'];
  /** Short name. */
  tag: string;
  seal: string;
  /** Hex sha256 of the signed manifest. */
  manifest: string;
  accepted: string[];
  /** What it learned was approved, and none of its changes. */
  lessons_only: boolean;
}

export interface ReportAudit {
  /** "not checked": this clone cannot tell, and `why` says it. */
  verdict: Verdict | 'not checked';
  why: string | null;
  findings: Finding[];
  approvals: { needed: number; principals: string[] };
  landing: { commit: string; at: string; base: string; now: 'landed' | 'reverted' } | null;
}

export interface ReportFacts {
  /** The session's own; of a closed one as sealed. */
  facts: CloseoutFacts;
  /** As metrics.json has them, or would have them now. */
  metrics: Metrics;
  state: SessionState;
  checks: ReportCheck[];
  /** Reasons for which it was sent back, oldest first. */
  rejections: { at: string; text: string }[];
  approval: ReportApproval | null;
  /** Null where nothing is signed. */
  audit: ReportAudit | null;
  /** When the report was made, ISO 8601 UTC, and by which version. */
  made_at: string;
  version: string;
}

/** Its figures are final. */
export const isSealed = (state: SessionState) => state === 'sealed' || state === 'closed';

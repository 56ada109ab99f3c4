/** What an audit of one session says. */

import type { Approver } from '../../core/closeout/manifest.ts';
import type { CheckResult, Policy } from '../../core/policy/policy.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Finding, Verdict } from '../../core/verify/finding.ts';
import type { LandedAs } from '../../core/verify/merge.ts';

/** What the tag says, once it could be read; believed only as far as the verdict goes. */
export interface Approval {
  approver: Approver;
  presence: Policy['presence'];
  approved_at: string;
  closed_at: string;
  base_branch: string;
  seal: string;
  tip: string;
  base: string;
  landed_tree: string;
  manifest_sha256: string;
  checks: Pick<CheckResult, 'name' | 'status' | 'required'>[];
  accepted: string[];
  /** Null: a policy of one clone alone. */
  policy: { commit: string; root: string; source: string | null } | null;
}

export interface VerifyReport {
  id: SessionId;
  verdict: Verdict;
  findings: Finding[];
  topic: string;
  /** Full name of the tag that was judged. */
  tag: string | null;
  approval: Approval | null;
  landing: {
    commit: string;
    /** Committer date, ISO strict. */
    at: string;
    /** The branch on which it was found, as people name it. */
    base: string;
    as: LandedAs | null;
    /** Paths that landed otherwise than they were approved. */
    paths: string[];
    now: 'landed' | 'reverted';
  } | null;
  /** Approvals that policy asks for, and the principals whose signature counts. */
  approvals: { needed: number; principals: string[] };
  /** What the tag says of content was judged earlier, on this machine; signatures never were. */
  cached: boolean;
}

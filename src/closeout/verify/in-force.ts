/** The policy that judges a landing: the one in force on the policy branch when it landed. */

import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import { type Finding, failed, noted, short } from '../../core/verify/finding.ts';
import type { Audit } from './audit.ts';
import type { FoundLanding } from './found.ts';
import { UNAUDITED } from './local-judges.ts';
import type { Judges } from './policy-line.ts';

export interface InForce {
  /** The commit whose policy files were in force; null where there was no policy, or one of a clone alone. */
  source: string | null;
  findings: Finding[];
}

/** What a manifest says of its policy, from the tag or from a remembered verdict. */
export type SaidPolicy = { commit: string; root: string } | 'local';

/**
 * On the policy branch the landing itself says what was in force; on another branch the manifest's policy commit does, since nothing
 * else ties the two branches together; before landing it is today's.
 */
export async function inForce(audit: Audit, said: SaidPolicy, found: FoundLanding | null): Promise<InForce> {
  if (said === 'local') return { source: null, findings: [UNAUDITED] };
  const { policy } = audit;
  const findings: Finding[] = [];
  if (said.root !== policy.root) {
    findings.push(
      failed(
        'policy-root',
        `The approval rests on the policy root ${short(said.root)}, but this repository's is ${short(policy.root) || 'none'}.`,
      ),
    );
  }
  const onPolicyBranch = found?.base.branch === policy.branch;
  const line = await audit.line(policy.branch, found && onPolicyBranch ? found.base.tip : policy.commit);
  const before = found && onPolicyBranch ? (found.landing.parents[0] ?? '') : policy.commit;
  const stated = line.position(said.commit);
  const landed = line.position(before);
  if (stated === undefined || (landed !== undefined && stated < landed)) {
    const what = `The manifest's policy commit ${short(said.commit)} was not on ${policy.branch} when the session landed.`;
    findings.push(failed('policy-commit', what));
  }
  const then = line.sourceAt(said.commit);
  const source = found && !onPolicyBranch ? then : line.sourceAt(before);
  if (source !== then && then !== null && source !== null) {
    findings.push(noted('policy-changed', `Policy changed between the approval and now or the landing; ${short(source)} judges.`));
  }
  if (source === null) findings.push(failed('no-policy', 'No policy was in force, so nobody could approve.'));
  return { source, findings };
}

/** Policy and approvers of a source; with none, nobody may approve. */
export function judgesIn(audit: Audit, source: string | null): Promise<Judges> {
  if (source !== null) return audit.judges(source);
  return Promise.resolve({ policy: DEFAULT_POLICY, approvers: { signers: '', gpg: [] }, source: '' });
}

/** An audit of a request: would landing this commit land what was approved, by as many as policy asks for? */

import { stateError } from '../../core/errors.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { type Finding, failed, short, unverified, verdictOf } from '../../core/verify/finding.ts';
import { changedAfter } from '../../core/verify/merge.ts';
import { commitOf, isAncestor } from '../../git/refs.ts';
import type { Audit } from './audit.ts';
import { commitsAfter } from './compare.ts';
import { verifyOne } from './index.ts';
import type { VerifyReport } from './report.ts';

/** As verifyOne, of a session that may not be known here yet: what still waits for an approval is unverified. Throws (exit 1) where there is no such commit. */
export async function verifyRequest(audit: Audit, id: SessionId, tip: string): Promise<VerifyReport> {
  const commit = await commitOf(audit.repo, tip);
  if (!commit) throw stateError({ what: `There is no commit ${oneLine(tip, 80)} in this clone.`, next: 'Fetch the request first.' });
  const report = await verifyOne(audit, id);
  if (report.landing) return report;
  const findings = report.tag
    ? [...report.findings.map(asked), ...(await afterSeal(audit, report, commit))]
    : [unverified('not-approved', 'Nobody has approved it yet, as far as this clone has tags.')];
  return { ...report, findings, verdict: verdictOf(findings) };
}

/** Too few approvals are no mere note where it is about to land. */
function asked(finding: Finding): Finding {
  return finding.code === 'approvals' ? unverified(finding.code, finding.what) : finding;
}

/** The commit must be the seal, with nothing on top but merges of base. */
async function afterSeal({ repo, bases }: Audit, { approval }: VerifyReport, commit: string): Promise<Finding[]> {
  if (!approval || commit === approval.seal) return [];
  if (!(await isAncestor(repo, approval.seal, commit))) {
    return [failed('not-the-seal', `${short(commit)} does not hold the seal ${short(approval.seal)} that was approved.`)];
  }
  const [base] = await bases(approval.base_branch);
  const later = await commitsAfter(repo, approval.seal, commit, base?.tip ?? approval.base);
  const changed = later.filter(({ paths }) => paths.length > 0);
  return changed.length > 0 ? [changedAfter(changed)] : [];
}

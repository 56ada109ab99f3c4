/** Judging a signature against what the manifest says of its approver. Pure. */

import type { Approver } from '../closeout/manifest.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed } from './finding.ts';

/** What checking a signature against the approvers in force came to. */
export interface SignatureFacts {
  ok: boolean;
  principal: string | null;
  key: string | null;
  why: string;
}

/** `what` names the object in a sentence ("The backup tag"); `code` begins the findings' codes. */
export function judgeSignature(what: string, code: string, signature: SignatureFacts, approver: Approver): Finding[] {
  if (!signature.ok) {
    return [failed(`${code}-signature`, `${what} is not signed by an approver in force at its landing: ${oneLine(signature.why, 300)}`)];
  }
  const findings: Finding[] = [];
  if (signature.principal !== approver.principal) {
    findings.push(
      failed(
        `${code}-principal`,
        `${what} is signed by ${oneLine(signature.principal ?? 'nobody', 100)}, but the manifest says that ${oneLine(approver.principal, 100)} approved.`,
      ),
    );
  }
  if (signature.key !== approver.key) {
    findings.push(
      failed(
        `${code}-key`,
        `${what} is signed with the key ${oneLine(signature.key ?? 'none', 100)}, but the manifest names ${oneLine(approver.key, 100)}.`,
      ),
    );
  }
  return findings;
}

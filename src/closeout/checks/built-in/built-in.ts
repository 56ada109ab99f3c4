/** What every built-in check gets and gives. */

import type { CheckStatus } from '../../../core/log/record.ts';
import type { BUILT_IN_CHECKS, Policy } from '../../../core/policy/policy.ts';
import type { Change } from '../../../git/objects.ts';
import type { Repo } from '../../../git/run.ts';
import type { Session } from '../../../lifecycle/session/session.ts';

export interface BuiltInFacts {
  repo: Repo;
  session: Session;
  policy: Policy;
  /** The branch that it would land on, and its commit. */
  base: { branch: string; commit: string };
  /** The checked tree. */
  tree: string;
  /** From base to the checked tree. */
  changes: Change[];
}

interface Verdict {
  status: CheckStatus;
  /** One line that names the rule and what it found; text from elsewhere made safe. */
  detail: string;
  /** Every finding, one a line. */
  findings: string[];
  /** By which rules it judged, one a line. */
  rules?: readonly string[];
}

export interface BuiltIn {
  name: (typeof BUILT_IN_CHECKS)[number];
  required: boolean;
  run(facts: BuiltInFacts): Promise<Verdict>;
}

/** "a, b, c and 4 more". */
export function firstOf(findings: readonly string[], most = 3): string {
  const rest = findings.length - most;
  return findings.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Changes that leave a file behind: added or changed blobs, no links and no submodules. */
export function filesLeft(changes: readonly Change[]): Change[] {
  return changes.filter((change) => change.newMode.startsWith('100'));
}

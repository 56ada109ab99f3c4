/** The policy as commands that decide nothing read it. */

import { SessionError } from '../core/errors.ts';
import type { Repo } from '../git/run.ts';
import { effectivePolicy } from '../trust/policy-chain.ts';

export interface PolicyNow {
  /** There is a policy in force. */
  initialised: boolean;
  /** What a person should know about it, as sentences. */
  notes: string[];
}

/** Reads the policy, which leaves it compiled for the hooks. One that cannot be followed stops the closeout, not these commands: it is told. */
export async function policyNow(repo: Repo): Promise<PolicyNow> {
  const pinned: string[] = [];
  try {
    const { initialised, notes } = await effectivePolicy(repo, { onPinned: (text) => pinned.push(text) });
    return { initialised, notes: [...pinned, ...notes] };
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return { initialised: true, notes: [error.message, ...(error.why ? [error.why] : [])] };
  }
}

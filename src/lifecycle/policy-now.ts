/** The policy as commands that decide nothing read it. */

import { SessionError } from '../core/errors.ts';
import type { Repo } from '../git/run.ts';
import { isInUse } from '../store/set-up.ts';
import { type EffectivePolicy, effectivePolicy } from '../trust/policy-chain.ts';

export interface PolicyNow {
  /** There is a policy in force. */
  initialised: boolean;
  /** It is one of this clone alone. */
  local: boolean;
  /** What a person should know about it, as sentences. */
  notes: string[];
  /** Null where it could not be followed. */
  effective: EffectivePolicy | null;
}

/**
 * Reads the policy, which leaves it compiled for the hooks. One that cannot be followed stops the closeout, not these commands: it is told.
 * `looking`: it sets nothing up in a clone that is not in use, or no longer.
 */
export async function policyNow(repo: Repo, { looking = false } = {}): Promise<PolicyNow> {
  const pinned: string[] = [];
  try {
    const pin = !looking || isInUse(repo.commonDir);
    const effective = await effectivePolicy(repo, { pin, onPinned: (text) => pinned.push(text) });
    return { initialised: effective.initialised, local: effective.local !== null, notes: [...pinned, ...effective.notes], effective };
  } catch (error) {
    // A repository that cannot be written can still be read.
    if ((error as NodeJS.ErrnoException).syscall)
      return { initialised: true, local: false, notes: [...pinned, (error as Error).message], effective: null };
    if (!(error instanceof SessionError)) throw error;
    return { initialised: true, local: false, notes: [error.message, ...(error.why ? [error.why] : [])], effective: null };
  }
}

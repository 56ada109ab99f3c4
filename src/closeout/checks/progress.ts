/** What a run of checks tells while it goes on. */

import type { CheckResult } from '../../core/policy/policy.ts';

/** A check as it is known before it runs. */
export type PlannedCheck = Pick<CheckResult, 'name' | 'source' | 'required'>;

/** The name under which the set-up tells what it does; no check can have it. */
export const SET_UP = 'set-up';

/** One event, in the order in which things happen: `planned` once and first, then for each check `started`, its `output`, and `finished`. */
export type CheckProgress =
  /** Every check of this run, in the order of the results. */
  | { phase: 'planned'; checks: PlannedCheck[] }
  /** `check` is a name, or "set-up". */
  | { phase: 'started'; check: string }
  /** A line that the command printed, as it is: make it visible before printing. There may be millions. */
  | { phase: 'output'; check: string; line: string }
  /** `result` is null for the set-up. */
  | { phase: 'finished'; check: string; result: CheckResult | null };

export type OnCheck = (progress: CheckProgress) => void;

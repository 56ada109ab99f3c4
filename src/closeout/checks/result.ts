/** Results of checks as values. Pure. */

import type { CheckPolicy, CheckResult } from '../../core/policy/policy.ts';

/** A result with nothing known but the check and the tree; figures are added as they are seen. */
export function blankResult(check: Pick<CheckPolicy, 'name' | 'required'>, source: CheckResult['source'], tree: string): CheckResult {
  return {
    name: check.name,
    source,
    required: check.required,
    status: 'not-run',
    detail: 'It was not run.',
    tree,
    exit_code: null,
    duration_ms: null,
    coverage: null,
    tests: null,
    log_sha256: null,
    inputs_changed: [],
    reused_from: null,
  };
}

/** True where a closeout may go on: passed, or not needed. */
export function isFine(result: CheckResult): boolean {
  return result.status === 'passed' || result.status === 'not-needed';
}

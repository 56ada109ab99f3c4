/** One check of a review, run once more on the tree that was prepared. */

import { withDecisions } from '../../core/documents/trajectory.ts';
import type { CheckResult } from '../../core/policy/policy.ts';
import type { Repo } from '../../git/run.ts';
import { isFine, type OnCheck, runChecks } from '../checks/index.ts';
import { digestOf, outputsOf, type Prepared, withDigest } from './prepare.ts';

export interface RerunOptions {
  onCheck?: OnCheck;
  /** Ends the check, and fails with the signal's reason; the review stays as it was. */
  signal?: AbortSignal;
}

/**
 * Runs one check of a review again, on the same tree and under the same policy, and gives the review with its new result. The set-up runs anew
 * where the check needs it. A check that passes after it failed says so: the person sees that it does not always.
 */
export async function rerunCheck(repo: Repo, prepared: Prepared, name: string, options: RerunOptions = {}): Promise<Prepared> {
  const before = prepared.checks.find((check) => check.name === name);
  if (!before) throw new TypeError(`no check ${name} in this review`);
  const { session, base, tree, policy, content } = prepared;
  const [again] = await runChecks(repo, {
    ...{ tree, base, tip: session.tip, session, policy: policy.policy, only: new Set([name]) },
    ...(options.onCheck ? { onProgress: options.onCheck } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const result = told(before, again as CheckResult);
  const checks = prepared.checks.map((check) => (check === before ? result : check));
  const next = {
    ...prepared,
    checks,
    outputs: outputsOf(repo, checks),
    content: { ...content, facts: withDecisions({ ...content.facts, checks }) },
  };
  // What is sealed gets no new records of its preparation.
  return prepared.sealed ? { ...next, digest: await digestOf(repo, next) } : withDigest(repo, next);
}

const FAILED_BEFORE = ' An earlier run on this tree did not pass.';

function told(before: CheckResult, now: CheckResult): CheckResult {
  const differs = before.detail.endsWith(FAILED_BEFORE) || (isFine(now) && !isFine(before));
  return differs ? { ...now, detail: now.detail + FAILED_BEFORE } : now;
}

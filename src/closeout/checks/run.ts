/** Runs every check on the checked tree. */

import type { CheckPolicy, CheckResult, Policy } from '../../core/policy.ts';
import { scratchCommit } from '../../git/checkout-tree.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session.ts';
import { runPolicyCheck } from './policy-check.ts';
import { withWorkspace } from './workspace.ts';

export interface CheckProgress {
  check: string;
  phase: 'started' | 'output' | 'finished';
  /** A line of the command's output, as it is: make it visible before printing. */
  line?: string;
  result?: CheckResult;
}

export interface CheckRun {
  /** The checked tree. */
  tree: string;
  /** Commits: base, and the session's tip, whose merge the tree is. */
  base: string;
  tip: string;
  session: Session;
  policy: Policy;
  onProgress?: (progress: CheckProgress) => void;
}

/** The results of policy's checks, in policy's order. */
export async function runChecks(repo: Repo, run: CheckRun): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const tell = run.onProgress ?? (() => {});
  const list: CheckPolicy[] = run.policy.checks.list;
  if (list.length === 0) return results;
  const commit = await scratchCommit(repo, run.tree, [run.base, run.tip]);
  await withWorkspace(repo, async (workspace) => {
    for (const check of list) {
      workspace.abort.throwIfAborted();
      tell({ check: check.name, phase: 'started' });
      await workspace.checkout(commit);
      const onLine = (line: string) => tell({ check: check.name, phase: 'output', line });
      const result = await runPolicyCheck(repo, workspace, check, run.tree, onLine);
      tell({ check: check.name, phase: 'finished', result });
      results.push(result);
    }
  });
  return results;
}

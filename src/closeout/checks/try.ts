/** Trying proposed checks once on a commit, outside any session: nothing is recorded. */

import { type CheckPolicy, type CheckResult, DEFAULT_POLICY } from '../../core/policy/policy.ts';
import { ask, type Repo } from '../../git/run.ts';
import { runPolicyCheck } from './policy-check.ts';
import { SET_UP } from './progress.ts';
import { blankResult } from './result.ts';
import { setUp } from './setup.ts';
import { withWorkspace } from './workspace.ts';

export interface CheckTry {
  commit: string;
  setup: { run: string; inputs: string[] } | null;
  checks: { name: string; run: string }[];
  /** What runs now: "set-up" or a check's name. */
  onStart(name: string): void;
  /** A line that a check, or the set-up, printed; unsafe to print as it is. */
  onLine?(name: string, line: string): void;
}

/** Results in order; a set-up that fails leaves every check not run, with why. */
export async function tryChecks(repo: Repo, wish: CheckTry): Promise<CheckResult[]> {
  const tree = await ask(repo, ['rev-parse', '--verify', '--end-of-options', `${wish.commit}^{tree}`]);
  const list = wish.checks.map((check) => ({ ...PLAIN, ...check }));
  const checks = { ...DEFAULT_POLICY.checks, setup: wish.setup?.run ?? null, setup_inputs: wish.setup?.inputs ?? [], list };
  const lineOf = (name: string) => (line: string) => wish.onLine?.(name, line);
  return withWorkspace(repo, { samePath: true }, async ([workspace]) => {
    if (checks.setup !== null) wish.onStart(SET_UP);
    const setup = await setUp(repo, workspace, { tree, commit: wish.commit, checks, mayStandIn: true, onLine: lineOf(SET_UP) });
    const results: CheckResult[] = [];
    for (const check of list) {
      if (setup && !setup.ok) {
        results.push({ ...blankResult(check, 'policy', tree), detail: setup.why });
        continue;
      }
      wish.onStart(check.name);
      const run = { check, tree, commit: wish.commit, outputs: setup?.outputs ?? null, onLine: lineOf(check.name) };
      results.push(await runPolicyCheck(repo, workspace, run));
    }
    return results;
  });
}

const PLAIN: Omit<CheckPolicy, 'name' | 'run'> = {
  cwd: '.',
  timeout_minutes: 10,
  required: true,
  paths: [],
  env: [],
  reports: [],
  inputs: [],
  reuse: false,
  parallel: false,
};

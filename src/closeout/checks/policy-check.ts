/** Runs one check of policy on the tree that is on disk, and says what came of it. */

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckPolicy, CheckResult } from '../../core/policy.ts';
import { oneLine } from '../../core/text.ts';
import type { Repo } from '../../git/run.ts';
import { runCommand } from './command.ts';
import { checkEnvironment } from './environment.ts';
import { keepLog } from './log-file.ts';
import { isInside } from './place.ts';
import { blankResult } from './result.ts';
import type { Workspace } from './workspace.ts';

/** The result of running `check` in the workspace's tree. Never throws for what the command does. */
export async function runPolicyCheck(
  repo: Repo,
  workspace: Workspace,
  check: CheckPolicy,
  tree: string,
  onLine: (line: string) => void,
): Promise<CheckResult> {
  const blank = blankResult(check, 'policy', tree);
  const cwd = folderOf(workspace.tree, check.cwd);
  if (cwd === null) return { ...blank, detail: `Its folder "${oneLine(check.cwd, 80)}" is not in the checked tree.` };
  const ran = await runCommand(check.run, {
    cwd,
    env: checkEnvironment(process.env, { names: check.env, tmp: workspace.tmp, outside: workspace.outside }),
    timeoutMs: check.timeout_minutes * 60_000,
    abort: workspace.abort,
    onLine,
  });
  const seen = { ...blank, exit_code: ran.code, duration_ms: ran.durationMs, log_sha256: keepLog(repo.commonDir, ran.output) };
  if (ran.failure !== null) return { ...seen, detail: `It could not be started: ${oneLine(ran.failure)}` };
  if (ran.timedOut) return { ...seen, status: 'timed-out', detail: `It was ended after ${check.timeout_minutes} minutes.` };
  if (ran.code === null) return { ...seen, status: 'failed', detail: `It was ended by ${ran.signal ?? 'a signal'}.` };
  if (ran.code !== 0) return { ...seen, status: 'failed', detail: `It exited with ${ran.code}.` };
  return { ...seen, status: 'passed', detail: 'It exited with 0.' };
}

/** The folder of the tree that a check runs in, links followed; null where there is none or it lies outside. */
export function folderOf(tree: string, path: string): string | null {
  const folder = join(tree, path);
  if (!existsSync(folder)) return null;
  const real = realpathSync(folder);
  return isInside(tree, real) ? real : null;
}

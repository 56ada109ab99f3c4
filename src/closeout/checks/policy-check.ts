/** Runs one check of policy in a fresh tree, and says what came of it. */

import { existsSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { CheckPolicy, CheckResult } from '../../core/policy/policy.ts';
import { countsTests } from '../../core/reports/kinds.ts';
import { type OutputFigures, ranNone, readOutput } from '../../core/reports/output.ts';
import { count, oneLine } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { type CommandResult, runCommand } from './command.ts';
import { checkEnvironment } from './environment.ts';
import { keepLog } from './log-file.ts';
import { type Outputs, placeOutputs } from './outputs.ts';
import { isInside } from './place.ts';
import { clearReports, type ReportFigures, readReports } from './reports.ts';
import { blankResult } from './result.ts';
import type { Workspace } from './workspace.ts';

export interface PolicyCheckRun {
  check: CheckPolicy;
  /** The checked tree: what the result is about. */
  tree: string;
  /** The commit to put on disk: the checked tree, or that with base's copies of the inputs. */
  commit: string;
  /** What the set-up left. */
  outputs: Outputs | null;
  /** No check after this one needs them. */
  last?: boolean;
  onLine: (line: string) => void;
}

/** The result; `inputs_changed` is left to the caller. Never throws for what the command does. */
export async function runPolicyCheck(repo: Repo, workspace: Workspace, run: PolicyCheckRun): Promise<CheckResult> {
  const { check } = run;
  const blank = blankResult(check, 'policy', run.tree);
  await workspace.checkout(run.commit);
  try {
    if (run.outputs) await placeOutputs(run.outputs, workspace.tree, run.last === true);
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    return { ...blank, detail: `What the set-up made could not be put into the tree: ${why}.` };
  }
  const cwd = folderOf(workspace.tree, check.cwd);
  if (cwd === null) return { ...blank, detail: `Its folder "${oneLine(check.cwd, 80)}" is not in the checked tree.` };
  clearReports(workspace.tree, check.reports);
  const ran = await runCommand(check.run, {
    cwd,
    env: checkEnvironment(process.env, { names: check.env, tmp: workspace.tmp, outside: workspace.outside }),
    timeoutMs: check.timeout_minutes * 60_000,
    abort: workspace.abort,
    onLine: run.onLine,
  });
  workspace.abort.throwIfAborted();
  const isFile = fileOf(workspace.tree, cwd);
  const output = readOutput(ran.output.toString('utf8'), isFile);
  const reports = await readReports(workspace.tree, check.reports, isFile);
  const figures = figuresOf(check, output, reports);
  return {
    ...blank,
    ...verdict(check, ran, figures, reports),
    exit_code: ran.code,
    duration_ms: ran.durationMs,
    ...figures,
    log_sha256: keepLog(repo.commonDir, ran.output),
  };
}

/** A declared report is where a figure comes from; the output speaks only for figures that no report is declared for. */
function figuresOf(check: CheckPolicy, output: OutputFigures, reports: ReportFigures): OutputFigures {
  const declares = (tests: boolean) => check.reports.some(({ kind }) => countsTests(kind) === tests);
  return {
    tests: declares(true) ? reports.tests : output.tests,
    coverage: declares(false) ? reports.coverage : output.coverage,
  };
}

function verdict(
  check: CheckPolicy,
  ran: CommandResult,
  { tests }: OutputFigures,
  { missing }: ReportFigures,
): Pick<CheckResult, 'status' | 'detail'> {
  if (ran.failure !== null) return { status: 'not-run', detail: `It could not be started: ${oneLine(ran.failure, 100)}.` };
  if (ran.timedOut) return { status: 'timed-out', detail: `It was ended after ${count(check.timeout_minutes, 'minute')}.` };
  if (ran.code === null) return { status: 'failed', detail: `It was ended by ${ran.signal ?? 'a signal'}.` };
  const shown = tests ? ` ${count(tests.passed, 'test')} passed, ${tests.failed} failed, ${tests.skipped} skipped.` : '';
  const lacks = missing.map(({ path, why }) => ` ${oneLine(path, 80)} ${why}: not recorded.`).join('');
  if (ran.code !== 0) return { status: 'failed', detail: `Exit ${ran.code}.${shown}${lacks}` };
  if (tests && ranNone(tests)) {
    const skipped = tests.skipped > 0 ? ` (${tests.skipped} skipped)` : '';
    return { status: 'not-recorded', detail: `It ran 0 tests${skipped}.${lacks}` };
  }
  // A script that swallows the exit code of its tests does not make them pass.
  if (tests && tests.failed > 0) return { status: 'failed', detail: `Exit 0, but not every test passed.${shown}${lacks}` };
  // The report of the tests is the proof that any ran.
  if (missing.some(({ kind }) => countsTests(kind))) return { status: 'not-recorded', detail: `Exit 0.${lacks}` };
  return { status: 'passed', detail: `Exit 0.${shown}${lacks}` };
}

/** The folder of the tree that a check runs in, links followed; null where there is none or it lies outside. */
function folderOf(tree: string, path: string): string | null {
  const folder = join(tree, path);
  if (!existsSync(folder)) return null;
  const real = realpathSync(folder);
  return isInside(tree, real) && statSync(real).isDirectory() ? real : null;
}

/** Whether a test's name is a file of the tree: node names a test file without tests so. */
function fileOf(tree: string, cwd: string): (name: string) => boolean {
  return (name) => {
    if (name.length > 1000 || name.includes('\0')) return false;
    const path = isAbsolute(name) ? name : join(cwd, name);
    return isInside(tree, path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  };
}

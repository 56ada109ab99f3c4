/** Runs every check on the checked tree. */

import { globMatcher } from '../../core/glob.ts';
import type { CheckPolicy, CheckResult, Policy } from '../../core/policy.ts';
import { TOOL } from '../../core/record.ts';
import { count } from '../../core/text.ts';
import { scratchCommit } from '../../git/checkout-tree.ts';
import { type Change, diffTrees } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session.ts';
import { appendRecord } from '../../store/journal.ts';
import { BUILT_INS, runBuiltIn } from './built-in/index.ts';
import { type CheckInputs, checkInputs } from './inputs.ts';
import { keepResult, keptResult, resultKey } from './kept-results.ts';
import { runPolicyCheck } from './policy-check.ts';
import { blankResult } from './result.ts';
import { type SetupResult, setUp } from './setup.ts';
import { type Workspace, withWorkspace } from './workspace.ts';

export interface CheckProgress {
  /** Name of the check, or "set-up". */
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
  /** Names of the checks to run; all where left out. */
  only?: ReadonlySet<string>;
  /**
   * `decide` (default): an approval may rest on the results, so a set-up that a required check needs is made anew.
   * `look`: this clone's stored set-up may stand in, and the result says so.
   */
  purpose?: 'decide' | 'look';
}

/** The results, built-in checks first, then policy's in policy's order; each is also appended to the journal as `check.ran`. */
export async function runChecks(repo: Repo, run: CheckRun): Promise<CheckResult[]> {
  const changes = await diffTrees(repo, run.base, run.tree);
  const wanted = ({ name }: { name: string }) => run.only?.has(name) ?? true;
  const results: CheckResult[] = [];
  const done = (result: CheckResult) => {
    record(repo, run.session, result);
    run.onProgress?.({ check: result.name, phase: 'finished', result });
    results.push(result);
  };
  const { session, policy, tree } = run;
  const builtIns = BUILT_INS.filter(wanted);
  for (const { name } of builtIns) run.onProgress?.({ check: name, phase: 'started' });
  const facts = { repo, session: { ...session, tip: run.tip }, policy, tree, changes };
  for (const result of await Promise.all(builtIns.map((check) => runBuiltIn(check, facts)))) done(result);
  await runPolicyChecks(repo, run, policy.checks.list.filter(wanted), changes, done);
  return results;
}

/** A check with what is known before it runs. */
interface Planned {
  check: CheckPolicy;
  inputs: CheckInputs;
  key: string;
  /** Set where nothing has to run for it. */
  known: CheckResult | null;
}

async function runPolicyChecks(
  repo: Repo,
  run: CheckRun,
  list: CheckPolicy[],
  changes: Change[],
  done: (result: CheckResult) => void,
): Promise<void> {
  const plan: Planned[] = [];
  for (const check of list) plan.push(await planCheck(repo, run, check, changes));
  if (plan.every((one) => one.known)) {
    for (const one of plan) done(finish(one, one.known as CheckResult));
    return;
  }
  await withWorkspace(repo, { samePath: run.purpose === 'look' }, async (workspace) => {
    let setup: Promise<SetupResult | null> | null = null;
    const last = plan.findLast(({ known }) => !known);
    for (const one of plan) {
      workspace.abort.throwIfAborted();
      if (one.known) {
        done(finish(one, one.known));
        continue;
      }
      setup ??= setUpFor(repo, workspace, run, plan);
      done(finish(one, await runOne(repo, workspace, run, one, await setup, one === last)));
    }
  });
}

async function planCheck(repo: Repo, run: CheckRun, check: CheckPolicy, changes: Change[]): Promise<Planned> {
  const inputs = await checkInputs(repo, check, { base: run.base, tree: run.tree, changes, outputs: run.policy.checks.setup_outputs });
  const key = resultKey(check, inputs.tree, run.policy.checks, process.env);
  const touched = globMatcher(check.paths);
  if (check.paths.length > 0 && !changes.some(({ path }) => touched(path))) {
    const detail = `The session changed nothing under ${check.paths.join(', ')}.`;
    return { check, inputs, key, known: { ...blankResult(check, 'policy', run.tree), status: 'not-needed', detail } };
  }
  return { check, inputs, key, known: check.reuse ? keptResult(repo.commonDir, key, check, run.tree) : null };
}

/** A stored set-up may stand in where nobody decides by the results. */
async function setUpFor(repo: Repo, workspace: Workspace, run: CheckRun, plan: Planned[]): Promise<SetupResult | null> {
  const mayStandIn = run.purpose === 'look' || !plan.some(({ check, known }) => !known && check.required);
  const commit = await scratchCommit(repo, run.tree, [run.base, run.tip]);
  const onLine = (line: string) => run.onProgress?.({ check: 'set-up', phase: 'output', line });
  if (run.policy.checks.setup !== null) run.onProgress?.({ check: 'set-up', phase: 'started' });
  const result = await setUp(repo, workspace, { tree: run.tree, commit, checks: run.policy.checks, mayStandIn, onLine });
  if (result) run.onProgress?.({ check: 'set-up', phase: 'finished' });
  return result;
}

async function runOne(
  repo: Repo,
  workspace: Workspace,
  run: CheckRun,
  { check, inputs, key }: Planned,
  setup: SetupResult | null,
  last: boolean,
): Promise<CheckResult> {
  run.onProgress?.({ check: check.name, phase: 'started' });
  if (setup && !setup.ok) return { ...blankResult(check, 'policy', run.tree), detail: setup.why, log_sha256: setup.log };
  const commit = await scratchCommit(repo, inputs.tree, [run.base, run.tip]);
  const onLine = (line: string) => run.onProgress?.({ check: check.name, phase: 'output', line });
  const outputs = setup?.outputs ?? null;
  const result = await runPolicyCheck(repo, workspace, { check, tree: run.tree, commit, outputs, last, onLine });
  if (check.reuse) keepResult(repo.commonDir, key, result, new Date().toISOString());
  return setup?.stored ? { ...result, detail: `${result.detail} Its set-up came from this clone's store.` } : result;
}

/** What the person reads above the result, and whose inputs it ran with. */
function finish({ inputs }: Planned, result: CheckResult): CheckResult {
  const told =
    inputs.fromBase > 0 && result.duration_ms !== null ? ` It ran with base's copies of ${count(inputs.fromBase, 'changed input')}.` : '';
  return { ...result, detail: result.detail + told, inputs_changed: inputs.changed };
}

function record(repo: Repo, session: Session, result: CheckResult): void {
  appendRecord(repo.commonDir, session.id, {
    kind: 'check.ran',
    actor: TOOL,
    data: {
      name: result.name,
      status: result.status,
      tree: result.tree,
      exit_code: result.exit_code,
      duration_ms: result.duration_ms ?? 0,
      ...(result.tests ? { tests: result.tests.total, failed: result.tests.failed } : {}),
      ...(result.coverage === null ? {} : { coverage: result.coverage }),
    },
  });
}

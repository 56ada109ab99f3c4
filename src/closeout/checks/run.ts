/** Runs every check on the checked tree. */

import { availableParallelism } from 'node:os';
import { TOOL } from '../../core/log/record.ts';
import type { CheckPolicy, CheckResult, Policy } from '../../core/policy/policy.ts';
import { globMatcher } from '../../core/routing/glob.ts';
import { count } from '../../core/text/text.ts';
import { scratchCommit } from '../../git/checkout-tree.ts';
import { type Change, diffTrees } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { appendRecord } from '../../store/journal.ts';
import { BUILT_INS, runBuiltIn } from './built-in/index.ts';
import { type CheckInputs, checkInputs } from './inputs.ts';
import { keepResult, keptResult, resultKey } from './kept-results.ts';
import { runPolicyCheck } from './policy-check.ts';
import { type OnCheck, type PlannedCheck, SET_UP } from './progress.ts';
import { blankResult } from './result.ts';
import { type SetupResult, setUp } from './setup.ts';
import { shareOut } from './share-out.ts';
import { type Workspace, withWorkspace } from './workspace.ts';

export interface CheckRun {
  /** The checked tree. */
  tree: string;
  /** The branch that it would land on, its commit, and the session's tip: the tree is the merge of these two. */
  base: { branch: string; commit: string };
  tip: string;
  session: Session;
  policy: Policy;
  onProgress?: OnCheck;
  /** Ends what runs, clears it away and fails with the signal's reason. */
  signal?: AbortSignal;
  /** Names of the checks to run; all where left out. */
  only?: ReadonlySet<string>;
  /**
   * `decide` (default): an approval may rest on the results, so a set-up that a required check needs is made anew.
   * `look`: this clone's stored set-up may stand in, and the result says so.
   */
  purpose?: 'decide' | 'look';
}

/**
 * The results, built-in checks first, then policy's in policy's order, however long each took; each is also appended to the journal as
 * `check.ran`, in the same order.
 */
export async function runChecks(repo: Repo, run: CheckRun): Promise<CheckResult[]> {
  const { session, policy, tree } = run;
  const changes = await diffTrees(repo, run.base.commit, tree);
  const wanted = ({ name }: { name: string }) => run.only?.has(name) ?? true;
  const [builtIns, list] = [BUILT_INS.filter(wanted), policy.checks.list.filter(wanted)];
  const checks: PlannedCheck[] = [
    ...builtIns.map(({ name, required }) => ({ name, source: 'built-in' as const, required })),
    ...list.map(({ name, required }) => ({ name, source: 'policy' as const, required })),
  ];
  run.onProgress?.({ phase: 'planned', checks });
  const results: (CheckResult | undefined)[] = checks.map(() => undefined);
  let recorded = 0;
  const done = (at: number, result: CheckResult) => {
    run.onProgress?.({ check: result.name, phase: 'finished', result });
    results[at] = result;
    for (let next = results[recorded]; next; next = results[++recorded]) record(repo, session, next);
  };
  for (const { name } of builtIns) run.onProgress?.({ check: name, phase: 'started' });
  const facts = { repo, session: { ...session, tip: run.tip }, policy, tree, changes, base: run.base };
  await Promise.all(builtIns.map(async (check, at) => done(at, await runBuiltIn(check, facts))));
  await runPolicyChecks(repo, run, { list, changes }, (at, result) => done(builtIns.length + at, result));
  return results as CheckResult[];
}

/** A check with what is known before it runs. */
interface Planned {
  check: CheckPolicy;
  /** Its place among the checks of policy. */
  at: number;
  inputs: CheckInputs;
  key: string;
}

/** Gives each check's result to `done` when it is there. */
async function runPolicyChecks(
  repo: Repo,
  run: CheckRun,
  { list, changes }: { list: CheckPolicy[]; changes: Change[] },
  done: (at: number, result: CheckResult) => void,
): Promise<void> {
  const open: Planned[] = [];
  for (const [at, check] of list.entries()) {
    const planned = { check, at, ...(await planCheck(repo, run, check, changes)) };
    if (planned.known) done(at, finish(planned, planned.known));
    else open.push(planned);
  }
  if (open.length === 0) return;
  const together = open.filter(({ check }) => check.parallel);
  const inTurn = open.filter(({ check }) => !check.parallel);
  const places = Math.max(1, Math.min(together.length, MOST_PLACES, availableParallelism()));
  await withWorkspace(repo, { samePath: run.purpose === 'look', places, signal: run.signal }, async (workspaces) => {
    const setup = await setUpFor(repo, workspaces[0], run, open);
    const act = async (one: Planned, workspace: Workspace, last: boolean) => {
      workspace.abort.throwIfAborted();
      done(one.at, finish(one, await runOne(repo, workspace, run, one, setup, last)));
    };
    await shareOut(together, workspaces, (one, workspace) => act(one, workspace, false));
    for (const one of inTurn) await act(one, workspaces[0], one === inTurn.at(-1));
  });
}

/** Trees that are there at once, at most: each is a copy of the whole repository with what its set-up made. */
const MOST_PLACES = 8;

/** What a check consists of, and its result where nothing has to run for it. */
async function planCheck(repo: Repo, run: CheckRun, check: CheckPolicy, changes: Change[]) {
  const inputs = await checkInputs(repo, check, {
    base: run.base.commit,
    tree: run.tree,
    changes,
    outputs: run.policy.checks.setup_outputs,
  });
  const key = resultKey(check, inputs.tree, run.policy.checks, process.env);
  const touched = globMatcher(check.paths);
  if (check.paths.length > 0 && !changes.some(({ path }) => touched(path))) {
    const detail = `The session changed nothing under ${check.paths.join(', ')}.`;
    return { inputs, key, known: { ...blankResult(check, 'policy', run.tree), status: 'not-needed' as const, detail } };
  }
  return { inputs, key, known: check.reuse ? keptResult(repo.commonDir, key, check, run.tree) : null };
}

/** A stored set-up may stand in where nobody decides by the results. */
async function setUpFor(repo: Repo, workspace: Workspace, run: CheckRun, open: Planned[]): Promise<SetupResult | null> {
  const mayStandIn = run.purpose === 'look' || !open.some(({ check }) => check.required);
  const commit = await scratchCommit(repo, run.tree, [run.base.commit, run.tip]);
  const onLine = (line: string) => run.onProgress?.({ check: SET_UP, phase: 'output', line });
  if (run.policy.checks.setup !== null) run.onProgress?.({ check: SET_UP, phase: 'started' });
  const result = await setUp(repo, workspace, { tree: run.tree, commit, checks: run.policy.checks, mayStandIn, onLine });
  if (result) run.onProgress?.({ check: SET_UP, phase: 'finished', result: null });
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
  const commit = await scratchCommit(repo, inputs.tree, [run.base.commit, run.tip]);
  const onLine = (line: string) => run.onProgress?.({ check: check.name, phase: 'output', line });
  const outputs = setup?.outputs ?? null;
  const result = await runPolicyCheck(repo, workspace, { check, tree: run.tree, commit, outputs, last, onLine });
  if (check.reuse) keepResult(repo.commonDir, key, result, new Date().toISOString());
  return setup?.stored ? { ...result, detail: `${result.detail} Its set-up came from this clone's store.` } : result;
}

/** What the person reads above the result, and whose inputs it ran with. */
function finish({ inputs }: Pick<Planned, 'inputs'>, result: CheckResult): CheckResult {
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

/**
 * The set-up (say `npm ci`) before checks. It runs in a fresh tree; of what it makes only the outputs that policy names
 * are kept, aside, and each check gets a copy. A store of this clone may stand in for the run only where nothing that
 * must pass depends on it: an agent of the same user can edit any file here, its recorded digest included.
 */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Policy } from '../../core/policy/policy.ts';
import { globMatcher } from '../../core/routing/glob.ts';
import { canonicalJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { listTree } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { runCommand } from './command.ts';
import { checkEnvironment } from './environment.ts';
import { keepLog } from './log-file.ts';
import { type Outputs, takeOutputs } from './outputs.ts';
import { fetchStored, keepStored } from './setup-store.ts';
import type { Workspace } from './workspace.ts';

/** Lock files of the package managers that we know: what a set-up is made from where policy names nothing. */
const LOCK_FILES = [
  '**/{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock}',
  '**/{requirements*.txt,poetry.lock,uv.lock,Pipfile.lock}',
  '**/{Cargo.lock,go.sum,Gemfile.lock,composer.lock}',
];

const TIMEOUT_MS = 30 * 60_000;

export type SetupResult = { ok: true; outputs: Outputs; stored: boolean } | { ok: false; why: string; log: string | null };

export interface SetupRun {
  /** The checked tree and the commit that holds it. */
  tree: string;
  commit: string;
  checks: Policy['checks'];
  /** True: what this clone kept of an equal set-up may stand in. */
  mayStandIn: boolean;
  onLine: (line: string) => void;
}

/** Runs the set-up, or finds it in the store. Null where policy has none. */
export async function setUp(repo: Repo, workspace: Workspace, run: SetupRun): Promise<SetupResult | null> {
  if (run.checks.setup === null) return null;
  const key = await setupKey(repo, workspace, run);
  const dir = join(workspace.aside, 'outputs');
  if (run.mayStandIn) {
    const outputs = await fetchStored(repo.commonDir, key, dir);
    if (outputs) return { ok: true, outputs, stored: true };
  }
  await workspace.checkout(run.commit);
  const env = checkEnvironment(process.env, { network: true, tmp: workspace.tmp, outside: workspace.outside });
  const { setup } = run.checks;
  const ran = await runCommand(setup, { cwd: workspace.tree, env, timeoutMs: TIMEOUT_MS, abort: workspace.abort, onLine: run.onLine });
  workspace.abort.throwIfAborted();
  const log = keepLog(repo.commonDir, ran.output);
  if (ran.code !== 0 || ran.timedOut) return { ok: false, why: `The set-up "${oneLine(setup, 60)}" ${howItEnded(ran)}.`, log };
  const outputs = takeOutputs(workspace.tree, dir, run.checks.setup_outputs);
  if (run.mayStandIn) await keepStored(repo.commonDir, key, outputs);
  return { ok: true, outputs, stored: false };
}

function howItEnded(ran: { code: number | null; timedOut: boolean; failure: string | null }): string {
  if (ran.failure !== null) return `could not be started: ${oneLine(ran.failure, 100)}`;
  if (ran.timedOut) return 'did not end within 30 minutes';
  return ran.code === null ? 'was ended by a signal' : `exited with ${ran.code}`;
}

/** sha256 over the command, its inputs in the tree, its outputs, and what else decides them: the machine's kind and the tree's place. */
async function setupKey(repo: Repo, workspace: Workspace, { tree, checks }: SetupRun): Promise<string> {
  const isInput = globMatcher(checks.setup_inputs.length > 0 ? checks.setup_inputs : LOCK_FILES);
  const inputs = (await listTree(repo, tree)).filter((row) => isInput(row.path)).map((row) => [row.path, row.mode, row.oid]);
  const facts = [checks.setup, checks.setup_outputs, inputs, process.platform, process.arch, process.version, workspace.tree];
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

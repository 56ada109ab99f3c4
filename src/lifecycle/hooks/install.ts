/** Git hooks in this clone: whether they run, making them run, and making them run in a linked worktree. */

import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stateError } from '../../core/errors.ts';
import { GIT_HOOKS, hasBlock } from '../../core/hooks/hook-block.ts';
import { oneLine } from '../../core/text/text.ts';
import { statMany } from '../../git/batch.ts';
import { getConfig, getLocalConfig, setLocalConfig } from '../../git/config.ts';
import { gitEnv } from '../../git/env.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';
import { keepSetUp } from '../../store/set-up.ts';
import { POLICY_FILE } from '../../trust/approvers.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';
import { policyPlaces } from '../../trust/policy-branch.ts';
import { connectWorktree } from './connect-worktree.ts';
import type { HookFile, HookPlan } from './hook-plan.ts';
import { lacksHusky } from './local.ts';
import { isGenerated, isHuskyPath } from './manager.ts';
import { planHooks } from './plan.ts';
import { refreshPrivateHooks } from './private.ts';

export { planHooks } from './plan.ts';
export { refreshPrivateHooks } from './private.ts';

export const HOOKS_PATH = 'core.hooksPath';

/**
 * `active`: a session's commits run our hooks. `inactive`: the scripts are there, and this clone or worktree does not run them.
 * `absent`: nobody has set them up. `foreign`: another manager looks after the hooks and does not call ours.
 */
export type HookState = 'active' | 'inactive' | 'absent' | 'foreign';

/** The state in this worktree. One process of git, or two. Where the hooks run, the private copies are brought to this version of the tool. */
export async function hookState(repo: Repo): Promise<HookState> {
  const plan = await planHooks(repo);
  if (plan.refusal) return 'foreign';
  if (plan.hooksPath !== null) return 'inactive';
  if (plan.activate === 'husky') return huskyState(repo, plan.folder);
  if (plan.files.length > 0) return 'absent';
  const called = plan.called.every((hook) => isCalled(plan, hook));
  if (plan.scripts.length === 0 && called) return refreshed(repo);
  return existsSync(privatePaths(repo.commonDir).hooks) ? 'inactive' : 'absent';
}

/** Where a manager is to call us, git must run the manager. */
function isCalled(plan: HookPlan, hook: string): boolean {
  const script = readOrNull(join(plan.folder, hook)) ?? '';
  return plan.activate === 'simple-git-hooks' ? script.includes('git-session/hooks/') : isGenerated(script);
}

/** `folder`: where git runs hooks from; without core.hooksPath that is none of husky's. */
async function huskyState(repo: Repo, folder: string): Promise<HookState> {
  const blocks = GIT_HOOKS.map((hook) => hasBlock(readOrNull(join(repo.top, '.husky', hook)) ?? ''));
  if (blocks.every((there) => !there)) return 'absent';
  const runs = isHuskyPath(repo, folder) && existsSync(join(repo.top, '.husky/_/h'));
  return runs && blocks.every(Boolean) ? refreshed(repo) : 'inactive';
}

/** After `npm install` in a new clone husky runs the scripts, and what they call is not there yet. */
async function refreshed(repo: Repo): Promise<HookState> {
  if (!existsSync(privatePaths(repo.commonDir).hooks) && (await isTakenOut(repo))) return 'inactive';
  try {
    refreshPrivateHooks(repo);
    return 'active';
  } catch {
    return 'inactive';
  }
}

/** Branches keep the scripts when the set-up is taken out of the project's: looking does not bring it back there. */
async function isTakenOut(repo: Repo): Promise<boolean> {
  const { places } = await policyPlaces(repo);
  const found = await statMany(
    repo,
    places.map(({ tip }) => `${tip}:${POLICY_FILE}`),
  );
  return !hasLocalPolicy(repo) && found.includes(null);
}

/** Writes a plan's tracked files to the working tree; nothing is staged. */
export function writeHookFiles(repo: Repo, plan: HookPlan): void {
  for (const file of plan.files) writeHook(join(repo.top, file.path), file);
}

function writeHook(path: string, { before, after, executable }: HookFile): void {
  mkdirSync(dirname(path), { recursive: true });
  // In place, so that an existing script keeps its mode.
  writeFileSync(path, after);
  if (before === null && executable) chmodSync(path, 0o755);
}

/**
 * Makes the hooks run in this clone: private copies, scripts of this clone alone, and the manager that the plan wants started. Tracked files
 * are not written here. Throws (exit 1) where another manager is in the way, or one cannot be activated. Repeating it is fine. `hooksPath`: as a
 * plan has it, where this worktree need not hold the scripts.
 */
export async function installHooks(repo: Repo, hooksPath: string | null = null): Promise<void> {
  if (hooksPath !== null) return runFolder(repo, hooksPath);
  const found = await planHooks(repo);
  if (found.refusal) throw stateError(found.refusal);
  if (found.hooksPath !== null) return runFolder(repo, found.hooksPath);
  const local = hasLocalPolicy(repo);
  if (local && lacksHusky(repo, found.folder)) await activateHusky(repo, repo.top);
  const plan = local ? await planHooks(repo) : found;
  refreshPrivateHooks(repo);
  for (const file of plan.scripts) {
    keepSetUp(repo.commonDir, { files: [file] });
    writeHook(file.path, file);
  }
  if (plan.activate === 'simple-git-hooks') await runSimpleHooks(repo, plan);
  if (plan.activate === 'husky') await activateHusky(repo, repo.top);
  else if (!local) return;
  for (const row of await readWorktrees(repo)) if (!row.prunable) await equipHusky(repo, row.path);
}

/** Has git run the tracked scripts of a folder in this clone. */
async function runFolder(repo: Repo, hooksPath: string): Promise<void> {
  keepSetUp(repo.commonDir, { settings: [{ key: HOOKS_PATH, before: await getLocalConfig(repo, HOOKS_PATH), after: hooksPath }] });
  await setLocalConfig(repo, HOOKS_PATH, hooksPath);
  refreshPrivateHooks(repo);
}

/** Has the project's own simple-git-hooks write its scripts anew. Throws (exit 1) where it is not installed here, or fails. */
async function runSimpleHooks(repo: Repo, { folder, called }: HookPlan): Promise<void> {
  const program = join(repo.top, 'node_modules/simple-git-hooks/cli.js');
  const next = 'Install the packages of the project, and run: npx simple-git-hooks';
  if (!existsSync(program)) throw stateError({ what: 'simple-git-hooks is not installed here, so its scripts are the old ones.', next });
  const paths = called.map((hook) => join(folder, hook));
  const before = paths.map(readOrNull);
  try {
    await promisify(execFile)(process.execPath, [program], { cwd: repo.top, env: gitEnv() });
    keepSetUp(repo.commonDir, {
      files: paths.flatMap((path, i) => {
        const after = readOrNull(path);
        return after === null ? [] : [{ path, before: before[i] ?? null, after }];
      }),
    });
  } catch (error) {
    throw stateError({ what: 'simple-git-hooks could not write its scripts.', why: oneLine((error as Error).message, 300), next }, error);
  }
}

/** Brings to a new linked worktree what git does not: husky's folder, and what connects clients in this clone alone. */
export async function equipWorktree(repo: Repo, top: string): Promise<void> {
  await equipHusky(repo, top);
  if (hasLocalPolicy(repo)) await connectWorktree(repo, top);
}

/** Brings husky's own, ignored folder to a linked worktree. Does nothing where this clone does not use husky, or the worktree has it. */
export async function equipHusky(repo: Repo, top: string): Promise<void> {
  const hooksPath = await getConfig(repo, HOOKS_PATH, 'path');
  if (!hooksPath || !isHuskyPath(repo, hooksPath) || existsSync(join(top, '.husky/_/h'))) return;
  const source = join(repo.top, '.husky/_');
  if (!existsSync(join(source, 'h'))) return void (await activateHusky(repo, top));
  mkdirSync(join(top, '.husky'), { recursive: true });
  cpSync(source, join(top, '.husky/_'), { recursive: true });
}

/** Runs husky's own program in the worktree: it writes `.husky/_` and sets core.hooksPath. */
async function activateHusky(repo: Repo, top: string): Promise<void> {
  if (process.env.HUSKY === '0') {
    throw stateError({ what: 'The git hooks were not activated: HUSKY=0 is set.', next: 'Unset it and run: git session init' });
  }
  const before = await getLocalConfig(repo, HOOKS_PATH);
  const { stdout } = await promisify(execFile)(process.execPath, [huskyProgram()], { cwd: top, env: gitEnv() });
  keepSetUp(repo.commonDir, { settings: [{ key: HOOKS_PATH, before, after: await getLocalConfig(repo, HOOKS_PATH) }] });
  if ((await getConfig(repo, HOOKS_PATH)) === '.husky/_' && existsSync(join(top, '.husky/_/h'))) return;
  throw stateError({ what: 'husky could not be activated.', why: stdout.trim() || 'It gave no reason.' });
}

function huskyProgram(): string {
  const require = createRequire(import.meta.filename);
  try {
    return join(dirname(require.resolve('husky')), 'bin.js');
  } catch {
    throw stateError({ what: 'git-session is not installed completely.', why: 'husky is missing.', next: 'Install it again.' });
  }
}

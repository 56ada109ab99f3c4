/** Plans how the git hooks are set up: in the way of whatever looks after them already. */

import { isAbsolute, join, relative } from 'node:path';
import { GIT_HOOKS, type GitHook } from '../../core/hooks/hook-block.ts';
import { beforeCommand, withoutCall } from '../../core/hooks/hook-call.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { setInJson } from '../../core/text/json-edit.ts';
import { oidAt } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { POLICY_FILE } from '../../trust/approvers.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';
import type { HookPlan, ReadFile } from './hook-plan.ts';
import { planHusky } from './husky.ts';
import { planLocalHooks } from './local.ts';
import { hookManager, hooksFolder, isGenerated, type ManagerFacts, readHere } from './manager.ts';
import { refusal } from './refusal.ts';
import { planScripts } from './scripts.ts';
import { trackedFolder } from './tracked-folder.ts';

export interface HookPlanOptions {
  /** Nothing that is tracked changes. */
  local?: boolean;
  /** Scripts as they will be before this is carried out, by absolute path; null: gone. */
  without?: ReadonlyMap<string, string | null>;
  /** The commit that `read` reads; by default the one that is checked out. */
  tree?: string;
}

/** The plan for this repository. `read` gives a tracked file's text or null; by default from the working tree. */
export async function planHooks(
  repo: Repo,
  read: ReadFile = readHere(repo),
  { local = hasLocalPolicy(repo), without = new Map(), tree = 'HEAD' }: HookPlanOptions = {},
): Promise<HookPlan> {
  const facts = await hookManager(repo, read, (path) => without.get(path) === null);
  const { manager } = facts;
  const readScript: ReadFile = async (path) => (without.has(path) ? (without.get(path) ?? null) : readOrNull(path));
  const plan = local ? await planLocalHooks(repo, facts) : await planBy(repo, facts, read, readScript, tree);
  return { ...plan, manager, folder: hooksFolder(repo, facts) };
}

type Found = Omit<HookPlan, 'manager' | 'folder'>;

async function planBy(repo: Repo, facts: ManagerFacts, read: ReadFile, readScript: ReadFile, tree: string): Promise<Found> {
  const { manager } = facts;
  // Without a policy nothing is set up that another clone could have; to search a large tree takes git a while.
  const tracked = manager === 'none' && (await read(POLICY_FILE)) !== null ? await trackedFolder(repo, tree) : null;
  if (tracked !== null) return { ...(await planTracked(read, tracked)), hooksPath: tracked };
  if (manager === 'none' || manager === 'husky') return planHusky(read);
  if (manager === 'lefthook' || manager === 'pre-commit') return planYaml(repo, facts, read, readScript);
  if (manager === 'simple-git-hooks') return planSimple(facts, read);
  return planFolder(repo, facts, read, readScript);
}

const EMPTY: Found = { files: [], scripts: [], hooksPath: null, activate: null, called: [], notes: [], refusal: null };

/** Nothing to do where somebody followed what the refusal says: `text` is the configuration, or the script of pre-commit. */
function byHand(facts: ManagerFacts, text: string | null): Found {
  return { ...EMPTY, refusal: text?.includes('git-session/hooks/') ? null : refusal(facts) };
}

/** Scripts of the person's own: in the git dir, or where core.hooksPath points, as long as that belongs to this repository. */
async function planFolder(repo: Repo, facts: ManagerFacts, read: ReadFile, readScript: ReadFile): Promise<Found> {
  const folder = hooksFolder(repo, facts);
  const inside = relative(repo.top, folder);
  const isOwn = !inside.startsWith('..') && !isAbsolute(inside);
  const inGitDir = !relative(repo.commonDir, folder).startsWith('..');
  if (!isOwn && !inGitDir) return byHand(facts, readOrNull(join(folder, 'pre-commit')));
  if (isOwn && !inGitDir && (await oidAt(repo, 'HEAD', inside)) !== null) return planTracked(read, inside);
  const { files, notes } = await planScripts(GIT_HOOKS, readScript, (hook) => join(folder, hook));
  return { ...EMPTY, scripts: files, notes };
}

/** `folder`: relative to the top. */
async function planTracked(read: ReadFile, folder: string): Promise<Found> {
  const { files, notes } = await planScripts(GIT_HOOKS, read, (hook) => join(folder, hook));
  return { ...EMPTY, files, notes };
}

/** A manager with a configuration of hooks: ours go beside its own there; for hooks that it has none of, into scripts of this clone. */
async function planYaml(repo: Repo, facts: ManagerFacts, read: ReadFile, readScript: ReadFile): Promise<Found> {
  const { manager, evidence } = facts;
  const before = (await read(evidence)) ?? '';
  const folder = hooksFolder(repo, facts);
  const change = manager === 'lefthook' ? await lefthook(evidence, before) : await preCommit(folder, before);
  if (!change) return byHand(facts, before);
  const theirs = (hook: GitHook) => isGenerated(readOrNull(join(folder, hook)) ?? '');
  const free = GIT_HOOKS.filter((hook) => !change.hooks.includes(hook) && !theirs(hook));
  const scripts = await planScripts(free, readScript, (hook) => join(folder, hook));
  const notes =
    change.hooks.filter((hook) => !theirs(hook)).length > 0 ? [`${manager} is not active in this clone: run ${manager} install.`] : [];
  return {
    ...EMPTY,
    files: change.after === before ? [] : [{ path: evidence, before, after: change.after }],
    scripts: scripts.files,
    called: change.hooks,
    notes: [...notes, ...scripts.notes],
  };
}

interface Change {
  after: string;
  hooks: GitHook[];
}

async function lefthook(name: string, text: string): Promise<Change | null> {
  const { lefthookHooks, lefthookYaml } = await import('./yaml.ts');
  const after = /\.ya?ml$/.test(name) ? lefthookYaml(text) : null;
  return after === null ? null : { after, hooks: lefthookHooks(text) };
}

async function preCommit(folder: string, text: string): Promise<Change | null> {
  const { installedTypes, preCommitYaml } = await import('./yaml.ts');
  const { stageNames } = await import('./stages.ts');
  const installed = GIT_HOOKS.filter((hook) => (readOrNull(join(folder, hook)) ?? '').includes('File generated by pre-commit'));
  const listed = installedTypes(text);
  // What is in the configuration already stays there, whatever this clone has installed.
  const known = GIT_HOOKS.filter((hook) => text.includes(`- id: git-session-${hook}\n`));
  const hooks = GIT_HOOKS.filter((hook) => listed.includes(hook) || installed.includes(hook) || known.includes(hook));
  const after = preCommitYaml(text, hooks, await stageNames(text));
  return after === null ? null : { after, hooks: GIT_HOOKS.filter((hook) => listed.includes(hook) || installed.includes(hook)) };
}

/** All of them: at its next start it deletes scripts that its configuration does not name. */
async function planSimple(facts: ManagerFacts, read: ReadFile): Promise<Found> {
  const { evidence } = facts;
  const before = (await read(evidence)) ?? '';
  const top = evidence === 'package.json' ? ['simple-git-hooks'] : [];
  let after: string | null = evidence.endsWith('.json') ? before : null;
  for (const hook of GIT_HOOKS) {
    if (after === null) return byHand(facts, before);
    const config = asObject(top.reduce<unknown>((at, key) => asObject(at)?.[key], parseJson(after)));
    const now = config?.[hook];
    if (now !== undefined && typeof now !== 'string') return byHand(facts, before);
    const wanted = beforeCommand(hook, now === undefined ? null : withoutCall(now));
    if (now !== wanted) after = setInJson(after, [...top, hook], wanted);
  }
  if (after === null) return byHand(facts, before);
  return {
    ...EMPTY,
    files: after === before ? [] : [{ path: evidence, before, after }],
    activate: 'simple-git-hooks',
    called: [...GIT_HOOKS],
  };
}

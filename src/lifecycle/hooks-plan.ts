/** What setting the git hooks up would change, as data. */

import { GIT_HOOKS, hookBlock, withBlock } from '../core/hook-block.ts';
import { withHusky, withLockedHusky } from '../core/husky-package.ts';
import type { Repo } from '../git/run.ts';
import { callsUs, type HookManager, hookManager, type ManagerFacts, readHere } from './hooks-manager.ts';

interface HookFile {
  /** Relative to the top. */
  path: string;
  /** Null where there is no such file. */
  before: string | null;
  after: string;
}

export interface HookPlan {
  manager: HookManager;
  /** Tracked files to change; empty where nothing is left to do. */
  files: HookFile[];
  /** Whether husky is to be activated in this clone. */
  activate: boolean;
  /** Sentences for the person. */
  notes: string[];
  /** Why the hooks cannot be set up here, and what to add by hand; null where they can. */
  refusal: { what: string; why: string; next: string } | null;
}

/** The plan for this repository. `read` gives a tracked file's text or null; by default from the working tree. */
export async function planHooks(repo: Repo, read: (path: string) => Promise<string | null> = readHere(repo)): Promise<HookPlan> {
  const facts = await hookManager(repo, read);
  if (facts.manager !== 'none' && facts.manager !== 'husky') {
    const done = await callsUs(repo, facts, read);
    return { manager: facts.manager, files: [], activate: false, notes: [], refusal: done ? null : refusal(facts) };
  }
  const files: HookFile[] = [];
  const notes: string[] = [];
  const plan = (path: string, before: string | null, after: string) => {
    if (before !== after) files.push({ path, before, after });
  };
  for (const hook of GIT_HOOKS) {
    const before = await read(`.husky/${hook}`);
    plan(`.husky/${hook}`, before, withBlock(before, hook));
  }
  const manifest = await read('package.json');
  if (manifest !== null) await planPackage(manifest, read, plan, notes);
  return { manager: facts.manager, files, activate: true, notes, refusal: null };
}

async function planPackage(
  manifest: string,
  read: (path: string) => Promise<string | null>,
  plan: (path: string, before: string, after: string) => void,
  notes: string[],
): Promise<void> {
  const after = withHusky(manifest);
  if (after === null) {
    notes.push('package.json is no JSON object: husky was not added to it.');
    return;
  }
  plan('package.json', manifest, after);
  if (after === manifest) return;
  const lock = await read('package-lock.json');
  const locked = lock === null ? null : withLockedHusky(lock);
  if (lock !== null && locked !== null) plan('package-lock.json', lock, locked);
  const stale = lock !== null && locked === null ? ['package-lock.json'] : [];
  for (const name of ['yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']) if ((await read(name)) !== null) stale.push(name);
  for (const name of stale) notes.push(`husky is new in package.json: run your package manager's install once, so that ${name} names it.`);
}

function refusal({ manager, evidence }: ManagerFacts): { what: string; why: string; next: string } {
  const what = 'The git hooks of this repository are looked after already, and git-session does not take them over.';
  const block = hookBlock('pre-commit');
  const each = GIT_HOOKS.join(', ');
  const line = 'sh "$(git rev-parse --git-common-dir)/git-session/hooks/run"';
  const texts = {
    lefthook: {
      why: `lefthook does it (${evidence}).`,
      next: `In ${evidence}, add to each of ${each} a command such as:\n${line} pre-commit {0}`,
    },
    'pre-commit': {
      why: `pre-commit does it (${evidence}).`,
      next: `In ${evidence}, add a local hook (language: system, always_run: true) for each of ${each}, with an entry such as:\n${line} pre-commit`,
    },
    'hooks-path': {
      why: `core.hooksPath is ${evidence}.`,
      next: `Put this at the top of the scripts ${each} there (with its own name in each):\n${block}`,
    },
    scripts: {
      why: `There are scripts in the git dir: ${evidence}.`,
      next: `Put this at the top of the scripts ${each} there (with its own name in each):\n${block}`,
    },
  };
  return { what, ...(texts[manager as keyof typeof texts] ?? texts.scripts) };
}

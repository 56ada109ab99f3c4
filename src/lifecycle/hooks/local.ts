/** Hooks of a clone that was set up by `init --local`: a block in the scripts that git runs here, and nothing that is tracked. Looks only. */

import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { GIT_HOOKS } from '../../core/hooks/hook-block.ts';
import { oidAt } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import type { HookPlan } from './hook-plan.ts';
import { hooksFolder, isGenerated, isHuskyPath, type ManagerFacts } from './manager.ts';
import { refusal } from './refusal.ts';
import { planScripts } from './scripts.ts';

/**
 * A manager writes its own scripts anew when it is installed again, which takes the block out: then the hooks are inactive until
 * `init --local` or `doctor --fix` has put it back. Its configuration, which is tracked, is left alone.
 */
export async function planLocalHooks(repo: Repo, facts: ManagerFacts): Promise<Omit<HookPlan, 'manager' | 'folder'>> {
  const folder = hooksFolder(repo, facts);
  const plan = { files: [], scripts: [], hooksPath: null, activate: null, called: [], notes: [], refusal: null };
  const inside = relative(repo.top, folder);
  const inGitDir = !relative(repo.commonDir, folder).startsWith('..');
  const isOwn = !inside.startsWith('..') && !isAbsolute(inside);
  if (!inGitDir && !isOwn) return { ...plan, refusal: refusal({ ...facts, manager: 'hooks-path', evidence: folder }) };
  if (!inGitDir && (await oidAt(repo, 'HEAD', inside)) !== null) return { ...plan, refusal: tracked(inside) };
  const read = async (path: string) => readOrNull(path);
  const { files, notes } = await planScripts(GIT_HOOKS, read, (hook) => join(folder, hook), { generated: true });
  const written = isHuskyPath(repo, folder) || GIT_HOOKS.some((hook) => isGenerated(readOrNull(join(folder, hook)) ?? ''));
  return { ...plan, scripts: files, notes: [...notes, ...(written ? [WRITTEN(facts.manager)] : [])] };
}

/** True where husky runs the hooks, and its folder is not in this worktree yet. */
export function lacksHusky(repo: Repo, folder: string): boolean {
  return isHuskyPath(repo, folder) && !existsSync(join(folder, 'h'));
}

const WRITTEN = (manager: string) =>
  `${manager} writes its scripts anew when it is installed again, which takes our lines out: git session status says so then, and git session init --local puts them back.`;

function tracked(folder: string): HookPlan['refusal'] {
  return {
    what: 'The git hooks of this repository are tracked, and --local changes nothing that is tracked.',
    why: `core.hooksPath is ${folder}. Without hooks commits get no trailers, and nothing keeps secrets and strays out of them; everything else works.`,
    next: 'To have them: git session init, which commits them for everybody.',
  };
}

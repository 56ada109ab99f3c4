/** Setting the hooks up with husky: its tracked scripts, and husky in package.json where there is one. Looks only. */

import { GIT_HOOKS, withBlock } from '../../core/hooks/hook-block.ts';
import { withHusky, withLockedHusky } from '../../core/hooks/husky-package.ts';
import type { HookFile, HookPlan, ReadFile } from './hook-plan.ts';

export async function planHusky(read: ReadFile): Promise<Omit<HookPlan, 'manager' | 'folder'>> {
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
  return { files, scripts: [], hooksPath: null, activate: 'husky', called: [], notes, refusal: null };
}

async function planPackage(
  manifest: string,
  read: ReadFile,
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

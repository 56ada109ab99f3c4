/** Our block in hook scripts that a person wrote, and scripts of ours where there are none. Looks only. */

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type GitHook, withBlock } from '../../core/hooks/hook-block.ts';
import { oneLine } from '../../core/text/text.ts';
import { canRun } from './can-run.ts';
import type { HookFile } from './hook-plan.ts';
import { isGenerated } from './manager.ts';

/** Scripts that cannot take the block are left alone, and named; those that a manager wrote too, but for `generated`. */
export async function planScripts(
  hooks: readonly GitHook[],
  read: (path: string) => Promise<string | null>,
  pathOf: (hook: GitHook) => string,
  { generated = false } = {},
): Promise<{ files: HookFile[]; notes: string[] }> {
  const files: HookFile[] = [];
  const notes: string[] = [];
  for (const hook of hooks) {
    const path = pathOf(hook);
    const before = await read(path);
    const why = before === null ? null : !generated && isGenerated(before) ? 'is written by another manager' : inTheWay(path, before);
    const after = withBlock(before, hook);
    if (why !== null) notes.push(`${basename(path)} ${why}, and was left alone: nothing of git-session runs in it.`);
    else if (before !== after) files.push({ path, before, after, executable: true });
  }
  return { files, notes };
}

/** Why a script is not one to put shell lines into; null where it is. */
function inTheWay(path: string, script: string): string | null {
  const shebang = /^#!.*/.exec(script)?.[0] ?? '#!/bin/sh';
  if (!/\b(sh|bash|dash|ash|ksh|zsh)\b/.test(shebang) || script.includes('\0')) return `is no shell script (${oneLine(shebang, 60)})`;
  const stat = statSync(path, { throwIfNoEntry: false });
  // One that git does not run is not to begin to.
  return stat && !canRun(stat) ? 'is not executable' : null;
}

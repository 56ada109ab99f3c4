/** What the set-up changed in files of this clone alone, and how they were before: looked at, and put back. */

import { existsSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { planTakeOut, SETUPS, type SetupName } from '../../agents/setup/index.ts';
import { hasBlock, withoutBlock } from '../../core/hooks/hook-block.ts';
import { withBlock } from '../../core/text/text-block.ts';
import { indexEntries } from '../../git/entries.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { readSetUp } from '../../store/set-up.ts';
import { isGenerated } from '../hooks/manager.ts';

export interface KeptBack {
  /** Absolute paths; null: the file goes. */
  files: { path: string; after: string | null }[];
  /** Folders that were made for them, the innermost first; those that are empty then go. */
  folders: string[];
  notes: string[];
}

export async function keptBack(repo: Repo): Promise<KeptBack> {
  const { files: kept, folders } = readSetUp(repo.commonDir);
  const worktrees = await readWorktrees(repo);
  const tops = worktrees.filter(({ path, prunable }) => !prunable && existsSync(join(path, '.git'))).map(({ path }) => path);
  const files: KeptBack['files'] = [];
  const notes: string[] = [];
  const rows = kept.map((row) => ({ ...row, whole: isAbsolute(row.path) ? row.path : resolve(repo.top, row.path) }));
  const tracked = await trackedAmong(
    repo,
    tops,
    rows.map(({ whole }) => whole),
  );
  for (const { path, whole, before, after } of rows) {
    const now = readOrNull(whole);
    if (now === null || tracked.has(whole)) continue;
    const was = now === after ? before : await withoutOurs(repo, tops, whole, now, before);
    if (was !== now) files.push({ path: whole, after: was });
    else if (now !== before && isGenerated(now) && now.includes('git-session/hooks/'))
      notes.push(`${path} was written anew since: run npx simple-git-hooks.`);
  }
  return { files, folders: [...folders].reverse(), notes };
}

/** Files that somebody has committed since: they belong to the project. */
async function trackedAmong(repo: Repo, tops: readonly string[], paths: readonly string[]): Promise<Set<string>> {
  const tracked = new Set<string>();
  for (const top of tops) {
    const inside = paths.map((path) => relative(top, path)).filter((path) => !path.startsWith('..') && !/^\.git(\/|$)/.test(path));
    if (inside.length === 0) continue;
    for (const [path, entry] of await indexEntries(repoAt(repo, top), inside)) if (entry) tracked.add(join(top, path));
  }
  return tracked;
}

/** A file that was changed since, without what is ours in it; the same where nothing is. */
async function withoutOurs(repo: Repo, tops: readonly string[], path: string, now: string, before: string | null): Promise<string | null> {
  if (hasBlock(now)) return withoutBlock(now);
  if (path === join(repo.commonDir, 'info', basename(path))) return withBlock(now, []) || before;
  const top = tops.find((one) => !relative(one, path).startsWith('..'));
  if (top === undefined) return now;
  const read = async (asked: string) => (join(top, asked) === path ? now : null);
  const { changes } = await planTakeOut(Object.keys(SETUPS) as SetupName[], read, 'clone');
  const change = changes.find((one) => join(top, one.path) === path);
  return change ? change.after : now;
}

/** Puts them back. Repeating it is fine. */
export function putBack({ files, folders }: KeptBack): void {
  for (const { path, after } of files) {
    if (after === null) rmSync(path, { force: true });
    else writeFileSync(path, after);
  }
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // Something of the person's is in it, or it is gone.
    }
  }
}

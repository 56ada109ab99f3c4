/** A branch as its first parents tell it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, type Repo } from './run.ts';

/** Commits of the first-parent line that changed one of the paths (against their first parent), oldest first. */
export async function commitsTouching(repo: Repo, tip: string, paths: readonly string[]): Promise<string[]> {
  const out = await ask(repo, ['rev-list', '--first-parent', '--reverse', '--end-of-options', tip, '--', ...paths]);
  return out.split('\n').filter(Boolean);
}

/** Commits at which a shallow clone's history was cut; empty in a whole one. */
export function shallowBoundary(repo: Repo): Set<string> {
  if (!repo.shallow) return new Set();
  return new Set(readFileSync(join(repo.commonDir, 'shallow'), 'utf8').split('\n').filter(Boolean));
}

/** What routing needs to know of a repository, for paths at HEAD. */

import { dirname, join } from 'node:path';
import type { RouteFacts } from '../../core/routing/routing.ts';
import { workspaceGlobs } from '../../core/routing/workspaces.ts';
import { entriesAt, foldersAt } from '../../git/entries.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import type { Session } from '../session/session.ts';

/** Facts that answer for `paths` (relative to the top) and the folders above them; `session` null outside one. */
export async function routeFacts(
  repo: Repo,
  session: Session | null,
  paths: readonly string[],
  who: 'agent' | 'person',
): Promise<RouteFacts> {
  const head = await commitOf(repo, 'HEAD');
  const inside = paths.filter((path) => path !== '' && !path.startsWith('../'));
  const [{ policy }, tracked, folders] = await Promise.all([
    effectivePolicy(repo),
    head ? entriesAt(repo, head, inside) : new Map<string, null>(),
    head ? foldersAt(repo, head, [...new Set(inside.flatMap(foldersAbove))]) : new Set<string>(),
  ]);
  return {
    policy: policy.routing,
    session: session?.id ?? null,
    who,
    tracked: (path) => Boolean(tracked.get(path)),
    dirTracked: (dir) => folders.has(dir),
    workspaces: workspaceGlobs(readOrNull(join(repo.top, 'package.json')), readOrNull(join(repo.top, 'pnpm-workspace.yaml'))),
  };
}

/** Folders above a path, innermost first, without the top. */
export function foldersAbove(path: string): string[] {
  const dirs: string[] = [];
  for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) dirs.push(dir);
  return dirs;
}

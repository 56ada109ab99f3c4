/** Files that a session added where they do not belong. */

import { decideRoute } from '../../core/routing/routing.ts';
import { workspaceGlobs } from '../../core/routing/workspaces.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { mergeBase } from '../../git/ancestry.ts';
import { entriesAt, foldersAt } from '../../git/entries.ts';
import { diffTrees, readAt } from '../../git/objects.ts';
import { readStatus } from '../../git/porcelain.ts';
import { commitOf } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import { sessionRecords } from '../session/records.ts';
import type { Session } from '../session/session.ts';
import { dirtyAtStart, wasDirty } from '../start/dirty.ts';
import { foldersAbove } from './route-facts.ts';

export interface Stray {
  path: string;
  /** Where it belongs; null where there is no such place. */
  use: string | null;
  why: string;
}

/**
 * Paths that the session added since its base and that routing refuses to an agent, by path. With `treeish` those of that commit or tree
 * only; else the branch's, and what the index and the working tree of its checkout add (not what was uncommitted when it started).
 */
export async function findStrays(repo: Repo, session: Session, treeish?: string): Promise<Stray[]> {
  const base = await startOf(repo, session);
  if (!base) return [];
  const [{ policy }, committed, uncommitted] = await Promise.all([
    effectivePolicy(repo),
    diffTrees(repo, base, treeish ?? session.tip),
    treeish === undefined ? uncommittedNew(repo, session) : [],
  ]);
  const added = new Set(committed.filter((change) => change.status === 'A').map((change) => change.path));
  const known = await entriesAt(repo, base, uncommitted);
  for (const path of uncommitted) if (!known.get(path)) added.add(path);
  if (added.size === 0) return [];
  const manifests = await Promise.all(['package.json', 'pnpm-workspace.yaml'].map((path) => readAt(repo, treeish ?? session.tip, path)));
  const folders = await foldersAt(repo, base, [...new Set([...added].flatMap(foldersAbove))]);
  const { log, backup } = sessionPaths(session.id);
  const facts = {
    policy: policy.routing,
    session: session.id,
    who: 'agent' as const,
    tracked: () => false,
    dirTracked: (dir: string) => folders.has(dir),
    workspaces: workspaceGlobs(manifests[0] ?? null, manifests[1] ?? null),
  };
  return [...added].sort().flatMap((path): Stray[] => {
    // What the tool itself writes.
    if (path.startsWith(`${log}/`) || path === backup) return [];
    const { verdict, use, why } = decideRoute(path, facts);
    return verdict === 'refused' ? [{ path, use, why }] : [];
  });
}

/** Where the session left its base; where that branch is gone, where it says that it started. */
export async function startOf(repo: Repo, session: Session): Promise<string | null> {
  const base = await commitOf(repo, `refs/heads/${session.metadata.base}`);
  const fork = base ? await mergeBase(repo, base, session.tip) : null;
  if (fork) return fork;
  const { records } = await sessionRecords(repo, session);
  const started = records.find((record) => record.kind === 'session.started');
  return started?.kind === 'session.started' ? commitOf(repo, started.data.base_commit) : null;
}

/** Paths that the session's checkout has staged as new or does not track. */
async function uncommittedNew(repo: Repo, session: Session): Promise<string[]> {
  if (session.worktree === null) return [];
  const at = session.worktree === repo.top ? repo : repoAt(repo, session.worktree);
  const early = dirtyAtStart(repo, session.id);
  return (await readStatus(at))
    .filter((row) => !row.submodule && (row.staged === 'A' || row.staged === '?') && row.unstaged !== 'D' && !wasDirty(early, row.path))
    .map((row) => row.path);
}

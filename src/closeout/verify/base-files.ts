/** What base holds now of sessions' own files. */

import { sessionPaths } from '../../core/session/metadata.ts';
import { asSessionId, type SessionId } from '../../core/session/session-id.ts';
import { changedSince, judgeNow, type Now } from '../../core/verify/now.ts';
import { isSealPath } from '../../core/verify/seal.ts';
import { blobsBelow } from '../../git/entries.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import type { Repo } from '../../git/run.ts';
import type { AuditedBase } from './audit.ts';

/** Path to blob by session, of everything that a seal may write; artifacts are left out. */
export type BaseFiles = Map<SessionId, Map<string, string>>;

/** Of one session, or of all. One process. */
export async function baseFiles(repo: Repo, base: AuditedBase, only?: SessionId): Promise<BaseFiles> {
  const at = only && sessionPaths(only);
  const paths = at ? [`${at.root}/`, `${at.log}/`, at.backup] : ['.swarm/log/', '.swarm/backups/', 'sessions/'];
  const found: BaseFiles = new Map();
  for (const [path, blob] of await blobsBelow(repo, base.tip, paths)) {
    const id = asSessionId(
      /^(?:sessions|\.swarm\/log)\/([^/]+)\//.exec(path)?.[1] ?? /^\.swarm\/backups\/(.+)\.json$/.exec(path)?.[1] ?? '',
    );
    if (!id || !isSealPath(id, path)) continue;
    const files = found.get(id);
    if (files) files.set(path, blob);
    else found.set(id, new Map([[path, blob]]));
  }
  return found;
}

/** What became of a landed session's files on base; the commits that changed them are looked up only where some did. */
export async function nowOn(
  repo: Repo,
  base: AuditedBase,
  sealed: ReadonlyMap<string, string>,
  current: ReadonlyMap<string, string>,
): Promise<Now> {
  const more = [...current.keys()].filter((path) => !sealed.has(path));
  const suspects = [...changedSince({ sealed, current }), ...more];
  const changedBy = new Map<string, string>();
  // Newest first: the first one seen of a path changed it last.
  for (const { path, commit } of suspects.length > 0 ? await firstParentChanges(repo, base.tip, suspects) : []) {
    if (!changedBy.has(path)) changedBy.set(path, commit);
  }
  return judgeNow({ base: base.name, sealed, current, changedBy });
}

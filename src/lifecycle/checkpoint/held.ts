/** Paths that a checkpoint leaves alone: the person has staged them, or was at work on them before the session. */

import type { Entry } from '../../core/session/checkpoint.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { entriesAt } from '../../git/entries.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { sessionRecords } from '../session/records.ts';
import { dirtyAtStart, wasDirty } from '../start/dirty.ts';
import { stagedNow } from './ahead.ts';
import type { BranchPlace } from './defer.ts';

export interface Held {
  path: string;
  /** The end of "it was not committed: …". */
  why: string;
  /** What it is in the way of, where `why` does not say what helps. */
  rule?: 'secrets' | 'routing';
}

const STAGED = 'somebody has staged it: commit it with git commit, or unstage it';
const DIRTY = 'it had uncommitted changes before the session started: commit it yourself once';

/** Which of the paths are held, and why. `tip`: what the branch holds at them. */
export async function heldPaths(
  place: BranchPlace,
  repo: Repo,
  session: SessionId,
  tip: ReadonlyMap<string, Entry>,
): Promise<Map<string, string>> {
  const paths = [...tip.keys()];
  const [staged, dirty] = await Promise.all([
    place.at ? stagedNow(place.at, place.tip, paths) : new Set<string>(),
    dirtySince(repo, session, place.tip, tip),
  ]);
  return new Map([
    ...dirty.map((path) => [path, DIRTY] as const),
    ...paths.filter((path) => staged.has(path)).map((path) => [path, STAGED] as const),
  ]);
}

/** Paths that were dirty when the session started and that nobody has committed since. */
async function dirtySince(repo: Repo, session: SessionId, commit: string, tip: ReadonlyMap<string, Entry>): Promise<string[]> {
  const dirty = dirtyAtStart(repo, session);
  const paths = [...tip.keys()].filter((path) => wasDirty(dirty, path));
  if (paths.length === 0) return [];
  const { records } = await sessionRecords(repo, { id: session, tip: commit });
  const started = records.find((record) => record.kind === 'session.started');
  const base = started?.kind === 'session.started' ? await commitOf(repo, started.data.base_commit) : null;
  if (!base) return paths;
  const then = await entriesAt(repo, base, paths);
  return paths.filter((path) => then.get(path)?.oid === tip.get(path)?.oid);
}

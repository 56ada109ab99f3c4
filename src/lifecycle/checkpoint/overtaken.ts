/** Files of which somebody committed another version after a request had hashed them: what is committed in the place of that older content. */

import { type CheckpointRequest, type Entry, isOvertaken } from '../../core/session/checkpoint.ts';
import { snapshotFiles } from '../../git/snapshot.ts';
import type { BranchPlace } from './defer.ts';
import { untouchable } from './file-gate.ts';

/** `fresh`: what the branch's checkout holds now, null where it is deleted. `held`: what is left as the branch has it, and why. */
export interface Overtaken {
  fresh: Map<string, Entry>;
  held: Map<string, string>;
}

const UNKNOWN = 'somebody committed another version of it meanwhile';

/** `tip`: what the branch holds at the requests' paths. */
export async function overtakenFiles(
  place: BranchPlace,
  requests: readonly CheckpointRequest[],
  tip: ReadonlyMap<string, Entry>,
): Promise<Overtaken> {
  const files = requests.flatMap((request) => request.files).filter((file) => isOvertaken(file, tip.get(file.path) ?? null));
  const paths = [...new Set(files.map(({ path }) => path))];
  const [session] = requests.map((request) => request.session);
  if (paths.length === 0 || session === undefined) return { fresh: new Map(), held: new Map() };
  // Another branch's files say nothing of this one.
  if (!place.at) return { fresh: new Map(), held: new Map(paths.map((path) => [path, UNKNOWN])) };
  // They were looked at when they were hashed, and have changed since.
  const held = new Map(untouchable(place.at, session, paths).map(({ path, why }) => [path, why]));
  const found = await snapshotFiles(
    place.at,
    paths.filter((path) => !held.has(path)),
    tip,
  );
  const fresh = new Map<string, Entry>();
  for (const [path, now] of found) {
    if (typeof now !== 'string') fresh.set(path, now);
    // Only who asked for a deletion gets one.
    else if (now === 'gone' && files.some((file) => file.path === path && file.oid === null)) fresh.set(path, null);
    else held.set(path, UNKNOWN);
  }
  return { fresh, held };
}

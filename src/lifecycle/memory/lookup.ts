/** One key of memory. Hot path: no npm package where the quick proof says yes. */

import type { AnyRecord } from '../../core/log/record.ts';
import type { MemoryPlace } from '../../core/memory/key.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import { memoryLines } from '../../core/memory/scan.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { type Here, ownRecords } from '../session/here.ts';
import { SeenMemory } from './seen.ts';

/** What the session sees under this key, or null. A large value whose file is missing is left out (`blob` is set). */
export async function lookUp(here: Here, place: MemoryPlace): Promise<MemoryEntry | null> {
  const seen = approvedAt(here, place);
  seen.add(memoryLines(ownRecords(here).filter((record) => isAt(record, place))));
  return seen.get(place);
}

/** What approved project memory holds under this key at a commit, or null. */
export async function lookUpApproved(repo: Repo, commit: string, place: MemoryPlace): Promise<MemoryEntry | null> {
  return new SeenMemory({ place: repo, treeish: commit, policy: compiledPolicy(repo.commonDir), own: null, only: place }).get(place);
}

/** What the session sees of others under this key; its own lines are still to be added. */
export function approvedAt({ place: at, tip, policy, id }: Here, place: MemoryPlace): SeenMemory {
  return new SeenMemory({ place: at, treeish: tip, policy, own: { id, lines: [] }, only: place });
}

/** True for a record that writes there. */
export function isAt(record: AnyRecord, place: MemoryPlace): boolean {
  return 'namespace' in record.data && record.data.namespace === place.namespace && record.data.key === place.key;
}

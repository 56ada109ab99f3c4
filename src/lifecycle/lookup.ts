/** One key of memory. Hot path: no npm package for keys of session scope. */

import { foldMemory, type MemoryEntry } from '../core/memory.ts';
import { type MemoryPlace, scopeOf } from '../core/memory-key.ts';
import type { AnyRecord } from '../core/record.ts';
import { type Here, ownRecords } from './here.ts';
import { fillValues } from './values.ts';

/** What the session sees under this key, or null. A large value whose file is missing is left out (`blob` is set). */
export async function lookUp(here: Here, place: MemoryPlace): Promise<MemoryEntry | null> {
  const approved = await approvedOf(here, place);
  return entryAt(here, [...approved, ...ownRecords(here)], place);
}

/** Records of approved project memory; none for a namespace that does not outlive its session. */
export async function approvedOf(here: Here, place: MemoryPlace): Promise<AnyRecord[]> {
  if (scopeOf(place.namespace, here.policy) === 'session') return [];
  const [{ openRepo }, { approvedRecords }] = await Promise.all([import('../git/repo.ts'), import('./memory.ts')]);
  return approvedRecords(await openRepo(here.place.top), here.tip);
}

/** What these records come to at the place, or null. */
export function entryAt(here: Here, records: readonly AnyRecord[], place: MemoryPlace): MemoryEntry | null {
  const entries = foldMemory(
    records.filter((record) => isAt(record, place)),
    Date.now(),
  );
  return fillValues(here.place, here.tip, entries)[0] ?? null;
}

/** True for a record that writes there. */
export function isAt(record: AnyRecord, place: MemoryPlace): boolean {
  return 'namespace' in record.data && record.data.namespace === place.namespace && record.data.key === place.key;
}

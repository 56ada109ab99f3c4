/** One key of memory. Hot path: no npm package for keys of session scope. */

import { foldMemory, type MemoryEntry } from '../core/memory.ts';
import { type MemoryPlace, mayName, scopeOf } from '../core/memory-key.ts';
import type { AnyRecord } from '../core/record.ts';
import type { Repo } from '../git/run.ts';
import { type Here, ownRecords } from './here.ts';
import { fillValues } from './values.ts';

/** What the session sees under this key, or null. A large value whose file is missing is left out (`blob` is set). */
export async function lookUp(here: Here, place: MemoryPlace): Promise<MemoryEntry | null> {
  const approved = await approvedOf(here, place);
  return entryAt(here, [...approved, ...ownRecords(here)], place);
}

/** What approved project memory holds under this key at a commit, or null. */
export async function lookUpApproved(repo: Repo, commit: string, place: MemoryPlace): Promise<MemoryEntry | null> {
  const { approvedRecords } = await import('./memory.ts');
  const records = await approvedRecords(repo, commit, { matters: (text) => mayName(text, place.key) });
  return entryAt({ place: repo, tip: commit }, records, place);
}

/** Records of approved project memory; none for a namespace that does not outlive its session. */
export async function approvedOf(here: Here, place: MemoryPlace): Promise<AnyRecord[]> {
  if (scopeOf(place.namespace, here.policy) === 'session') return [];
  const [{ openRepo }, { approvedRecords }] = await Promise.all([import('../git/repo.ts'), import('./memory.ts')]);
  const matters = (text: string) => mayName(text, place.key);
  return approvedRecords(await openRepo(here.place.top), here.tip, { except: here.id, matters });
}

/** What these records come to at the place, or null. */
export function entryAt(
  { place: at, tip }: Pick<Here, 'place' | 'tip'>,
  records: readonly AnyRecord[],
  place: MemoryPlace,
): MemoryEntry | null {
  const entries = foldMemory(
    records.filter((record) => isAt(record, place)),
    Date.now(),
  );
  return fillValues(at, tip, entries)[0] ?? null;
}

/** True for a record that writes there. */
export function isAt(record: AnyRecord, place: MemoryPlace): boolean {
  return 'namespace' in record.data && record.data.namespace === place.namespace && record.data.key === place.key;
}

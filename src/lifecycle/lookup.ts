/** One key of memory, now or as soon as someone stores it. Hot path: no npm package for keys of session scope. */

import { foldMemory, type MemoryEntry } from '../core/memory.ts';
import { type MemoryPlace, scopeOf } from '../core/memory-key.ts';
import type { AnyRecord } from '../core/record.ts';
import { readJournalFrom } from '../store/journal.ts';
import { type Here, otherWriters, ownRecords } from './here.ts';

/** How often a waiting reader looks at the journal, and at what other clones brought in. */
const JOURNAL_MS = 25;
const TIP_MS = 1000;

/** What the session sees under this key, or null. */
export async function lookUp(here: Here, place: MemoryPlace): Promise<MemoryEntry | null> {
  const approved = await approvedOf(here, place);
  return entryAt([...approved, ...ownRecords(here)], place);
}

/** As lookUp, but waits until the key is there, for at most `ms` milliseconds. Reads only what the journal has gained since the last look. */
export async function waitFor(here: Here, place: MemoryPlace, ms: number): Promise<MemoryEntry | null> {
  const until = Date.now() + ms;
  const approved = await approvedOf(here, place);
  const written: AnyRecord[] = [];
  let others: AnyRecord[] = [];
  let othersAt = 0;
  let offset = 0;
  for (;;) {
    const { parsed, next } = readJournalFrom(here.place.commonDir, here.id, offset);
    written.push(...parsed.records.filter((record) => isAt(record, place)));
    offset = next;
    if (Date.now() - othersAt >= TIP_MS) {
      others = otherWriters(here, offset > 0);
      othersAt = Date.now();
    }
    const entry = entryAt([...approved, ...others, ...written], place);
    const left = until - Date.now();
    if (entry || left <= 0) return entry;
    await new Promise((resolve) => setTimeout(resolve, Math.min(JOURNAL_MS, left)));
  }
}

/** Records of approved project memory; none for a namespace that does not outlive its session. */
async function approvedOf(here: Here, place: MemoryPlace): Promise<AnyRecord[]> {
  if (scopeOf(place.namespace, here.policy) === 'session') return [];
  const [{ openRepo }, { approvedRecords }] = await Promise.all([import('../git/repo.ts'), import('./memory.ts')]);
  return approvedRecords(await openRepo(here.place.top), here.tip);
}

function entryAt(records: readonly AnyRecord[], place: MemoryPlace): MemoryEntry | null {
  return (
    foldMemory(
      records.filter((record) => isAt(record, place)),
      Date.now(),
    )[0] ?? null
  );
}

function isAt(record: AnyRecord, place: MemoryPlace): boolean {
  return 'namespace' in record.data && record.data.namespace === place.namespace && record.data.key === place.key;
}

/** What an import adds to a session: never what is there already, what is older than what is there, or what has expired; what was deleted only when asked. Pure. */

import { mergeRecords } from '../log/log.ts';
import type { AnyRecord } from '../log/record.ts';
import type { ExportedEntry } from './export.ts';
import { isWritten } from './memory.ts';

export interface ImportPlan<E extends ExportedEntry = ExportedEntry> {
  add: E[];
  /** How many are there already, were stored before what is there under the same key, were deleted since, or have expired. */
  same: number;
  older: number;
  deleted: number;
  expired: number;
}

export interface ImportOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** Whether what was deleted since comes back. */
  restore: boolean;
  /** The entries do not name the records that they come from: what was stored under the same key at the same moment is that one. */
  unnamed?: boolean;
}

/** `records`: all that the session sees, and its own. A value's time is that of its first record, so that an import never undoes a later change. */
export function planImport<E extends ExportedEntry>(
  entries: readonly E[],
  records: readonly AnyRecord[],
  { now, restore, unnamed = false }: ImportOptions,
): ImportPlan<E> {
  const known = new Set<string>();
  const newest = new Map<string, string>();
  const gone = new Set<string>();
  const placeOf = ({ namespace, key }: { namespace: string; key: string }) => JSON.stringify([namespace, key]);
  const note = (place: string, at: string) => {
    if (at > (newest.get(place) ?? '')) newest.set(place, at);
  };
  for (const record of mergeRecords(records.filter(isWritten))) {
    const origin = record.kind === 'memory.stored' ? record.data.origin : undefined;
    known.add(record.id);
    if (origin) known.add(origin.record);
    const place = placeOf(record.data);
    note(place, origin?.at ?? record.at);
    if (record.kind === 'memory.deleted') gone.add(place);
    else gone.delete(place);
  }
  const plan: ImportPlan<E> = { add: [], same: 0, older: 0, deleted: 0, expired: 0 };
  for (const entry of entries) {
    const place = placeOf(entry);
    const back = gone.has(place);
    const before = known.has(entry.origin.record) || (unnamed && newest.get(place) === entry.origin.at);
    const older = (newest.get(place) ?? '') > entry.origin.at;
    if (before && !back) plan.same++;
    else if (entry.expires_at !== null && Date.parse(entry.expires_at) <= now) plan.expired++;
    else if (back && (before || older) && !restore) plan.deleted++;
    else if (older && !back) plan.older++;
    else {
      plan.add.push(entry);
      gone.delete(place);
      known.add(entry.origin.record);
      note(place, entry.origin.at);
    }
  }
  return plan;
}

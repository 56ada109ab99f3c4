/** What became of one key: every record that wrote it, and when a value expired. Pure. */

import { mergeRecords } from '../log/log.ts';
import type { AnyRecord } from '../log/record.ts';
import type { MemoryPlace } from './key.ts';
import { claimsTakenPlace, isLive, isWritten, type Written } from './memory.ts';

export interface MemoryEvent {
  /** `not-taken`: a claim (`--if-absent`) that another had before; it never counted. */
  what: 'stored' | 'deleted' | 'expired' | 'not-taken';
  /** ISO. */
  at: string;
  /** The record; of an expiry the one whose value expired. */
  record: Written;
  /** It is what the key holds now. */
  current: boolean;
}

/** The events of a place up to `now` (milliseconds since the epoch), in the order of time. */
export function historyOf(records: readonly AnyRecord[], place: MemoryPlace, now: number): MemoryEvent[] {
  const written = mergeRecords(records.filter(isWritten)).filter(
    ({ data }) => data.namespace === place.namespace && data.key === place.key,
  );
  const events: MemoryEvent[] = [];
  let holder: Written | undefined;
  const expire = (till: number) => {
    const at = holder?.kind === 'memory.stored' ? holder.data.expires_at : undefined;
    if (holder && at !== undefined && at <= till) {
      events.push({ what: 'expired', at: new Date(Math.max(at, Date.parse(holder.at))).toISOString(), record: holder, current: false });
      holder = undefined;
    }
  };
  for (const record of written) {
    // An `if_absent` record is judged by its own time, and so is an expiry before it.
    expire(Date.parse(record.at));
    if (claimsTakenPlace(record, holder)) {
      events.push({ what: 'not-taken', at: record.at, record, current: false });
      continue;
    }
    events.push({ what: record.kind === 'memory.deleted' ? 'deleted' : 'stored', at: record.at, record, current: false });
    holder = record;
  }
  expire(now);
  return events.map((event) => ({ ...event, current: event.what === 'stored' && event.record === holder && isLive(event.record, now) }));
}

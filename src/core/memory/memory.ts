/** Memory as a fold over records: the last writer wins. The same for any order, duplication or split of the logs. Pure; hot path. */

import { compareText } from '../log/clock.ts';
import { mergeRecords } from '../log/log.ts';
import type { Actor, AnyRecord, BlobRef, Origin, SessionRecord } from '../log/record.ts';
import type { SessionId } from '../session/session-id.ts';

export interface MemoryEntry {
  namespace: string;
  key: string;
  /** Any JSON; undefined while `blob` is set. */
  value: unknown;
  /** The file that holds the value, where it was not read from there: not yet, or it is missing. */
  blob: BlobRef | null;
  /** When it was stored, ISO. */
  at: string;
  by: Actor;
  task: string | null;
  session: SessionId;
  /** Id of the record that stored it. */
  record: string;
  /** Milliseconds since the epoch; null: never. */
  expires_at: number | null;
  tags: string[];
  /** Set where it was imported: the record that it comes from. */
  origin: Origin | null;
}

type Stored = SessionRecord<'memory.stored'>;
export type Written = Stored | SessionRecord<'memory.deleted'>;

/**
 * What memory holds at `now` (milliseconds since the epoch), by namespace and key. Per place the newest record wins, by (time, id); only then is it
 * asked whether it is a deletion or has expired, so that an older value never comes back. A record with `if_absent` does not count where
 * an earlier one was live when it was written.
 */
export function foldMemory(records: readonly AnyRecord[], now: number): MemoryEntry[] {
  return foldMerged(mergeRecords(records.filter(isWritten)), now);
}

/** As foldMemory, for records that come from `mergeRecords`: each id once, in order. */
export function foldMerged(records: readonly AnyRecord[], now: number): MemoryEntry[] {
  const winners = new Map<string, Map<string, Written>>();
  for (const record of records) {
    if (!isWritten(record)) continue;
    const { namespace, key } = record.data;
    const places = winners.get(namespace) ?? new Map<string, Written>();
    winners.set(namespace, places);
    if (!claimsTakenPlace(record, places.get(key))) places.set(key, record);
  }
  return [...winners.values()]
    .flatMap((places) => [...places.values()])
    .filter((record): record is Stored => isLive(record, now))
    .map(entryOf)
    .sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.key, b.key));
}

/** Records that write memory. */
export function isWritten(record: AnyRecord): record is Written {
  return record.kind === 'memory.stored' || record.kind === 'memory.deleted';
}

/** A value that has not expired at `now`; false for a deletion. */
export function isLive(record: Written, now: number): boolean {
  return record.kind === 'memory.stored' && (record.data.expires_at === undefined || record.data.expires_at > now);
}

/** True for a record that only counts in a free place, and found `before` live there. */
export function claimsTakenPlace(record: Written, before: Written | undefined): boolean {
  return record.kind === 'memory.stored' && record.data.if_absent === true && before !== undefined && isLive(before, Date.parse(record.at));
}

/** The entry that a record stands for. */
export function entryOf({ data, at, actor, session, id }: Stored): MemoryEntry {
  return {
    namespace: data.namespace,
    key: data.key,
    value: data.value,
    blob: data.blob ?? null,
    at,
    by: actor,
    task: data.task ?? null,
    session,
    record: id,
    expires_at: data.expires_at ?? null,
    tags: data.tags ?? [],
    origin: data.origin ?? null,
  };
}

/** A value as people and searches read it: text as it is, anything else as JSON on one line. Empty where it was not read. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** What a session's agents are told of it, as a fold that goes on from what was folded before. Pure. */

import { compareRecords } from '../log/clock.ts';
import type { AnyRecord, SessionRecord } from '../log/record.ts';
import { isPattern, SESSION_NAMESPACE } from '../memory/key.ts';
import { claimsTakenPlace, isLive, isWritten, type Written } from '../memory/memory.ts';
import { foldTasks, type Task } from './tasks.ts';

export interface Brief {
  /** The last record that is folded in; null for none. */
  newest: Pick<AnyRecord, 'at' | 'n' | 'id'> | null;
  tasks: Task[];
  /** Each key's record that decides it, in the session's own namespace, and of patterns; without its value. */
  keys: Written[];
  patterns: Written[];
  /** The last rejection, or closeout that was prepared after it. */
  closeout: SessionRecord<'closeout.prepared'> | SessionRecord<'closeout.rejected'> | null;
}

export const NOTHING_YET: Brief = { newest: null, tasks: [], keys: [], patterns: [], closeout: null };

/** The brief with these records folded in, which come sorted. Null where one of them is no later than what is folded in already: it has to be folded anew. */
export function goOn(brief: Brief, records: readonly AnyRecord[]): Brief | null {
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) return brief;
  if (brief.newest && compareRecords(first, brief.newest as AnyRecord) <= 0) return null;
  const [keys, patterns] = [brief.keys, brief.patterns].map((list) => new Map(list.map((record) => [record.data.key, record]))) as [
    Map<string, Written>,
    Map<string, Written>,
  ];
  let { closeout } = brief;
  for (const record of records) {
    if (record.kind === 'closeout.prepared' || record.kind === 'closeout.rejected') closeout = record;
    if (!isWritten(record)) continue;
    const { namespace, key } = record.data;
    const places = isPattern(record.data) ? patterns : namespace === SESSION_NAMESPACE ? keys : null;
    if (places && !claimsTakenPlace(record, places.get(key))) places.set(key, bare(record));
  }
  return {
    newest: { at: last.at, ...(last.n ? { n: last.n } : {}), id: last.id },
    tasks: foldTasks(records, brief.tasks),
    keys: [...keys.values()],
    patterns: [...patterns.values()],
    closeout,
  };
}

/** Keys that hold a value at `now` (milliseconds), newest first. */
export function storedKeys({ keys }: Brief, now: number): { key: string; by: string }[] {
  return keys
    .filter((record) => isLive(record, now))
    .sort((a, b) => compareRecords(b, a))
    .map(({ data, actor }) => ({ key: data.key, by: actor.name }));
}

const bare = (record: Written): Written =>
  record.kind === 'memory.stored' ? { ...record, data: { ...record.data, value: null } } : record;

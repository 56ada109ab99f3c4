/** Memory in numbers, by namespace. Pure. */

import { compareText } from '../log/clock.ts';
import { mergeRecords } from '../log/log.ts';
import type { AnyRecord } from '../log/record.ts';
import type { Policy } from '../policy/policy.ts';
import { scopeOf } from './key.ts';
import { foldMerged, isWritten, type MemoryEntry } from './memory.ts';

export interface NamespaceStats {
  namespace: string;
  scope: 'session' | 'project';
  /** Keys that hold something now, and how many of them this session stored. */
  keys: number;
  own: number;
  /** What their values take as JSON, in bytes; and how many values have files of their own. */
  bytes: number;
  large: number;
  /** How many of the keys will expire. */
  expiring: number;
  /** Places that were written and hold nothing now: deleted or expired. */
  gone: number;
  /** Records that wrote there, and the names of who wrote them. */
  writes: number;
  writers: string[];
  /** Times of the first and the last of these records. */
  first_at: string;
  last_at: string;
}

/** The numbers of each namespace that `records` write to, by name. `session`: whose own keys are told apart; null outside one. */
export function memoryStats(
  records: readonly AnyRecord[],
  { session, policy, now }: { session: string | null; policy: Pick<Policy, 'memory'>; now: number },
): NamespaceStats[] {
  const written = mergeRecords(records.filter(isWritten));
  const live = grouped(foldMerged(written, now), ({ namespace }) => namespace);
  return [...grouped(written, ({ data }) => data.namespace)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([namespace, list]) => {
      const entries = live.get(namespace) ?? [];
      return {
        namespace,
        scope: scopeOf(namespace, policy),
        keys: entries.length,
        own: entries.filter((entry) => entry.session === session).length,
        bytes: entries.reduce((sum, entry) => sum + bytesOf(entry), 0),
        large: entries.filter(({ blob }) => blob).length,
        expiring: entries.filter(({ expires_at }) => expires_at !== null).length,
        gone: new Set(list.map(({ data }) => data.key)).size - entries.length,
        writes: list.length,
        writers: [...new Set(list.map(({ actor }) => actor.name))].sort(compareText),
        first_at: list[0]?.at ?? '',
        last_at: list.at(-1)?.at ?? '',
      };
    });
}

function grouped<T>(list: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function bytesOf({ blob, value }: MemoryEntry): number {
  return blob ? blob.bytes : Buffer.byteLength(JSON.stringify(value));
}

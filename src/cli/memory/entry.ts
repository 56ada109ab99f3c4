/** An entry of memory as facts (shaped as `schemas/parts/memory-entry.ts` says) and as lines for people. */

import type { Actor, Origin } from '../../core/log/record.ts';
import { type MemoryEntry, valueText } from '../../core/memory/memory.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import { ago } from '../ago.ts';
import type { Io } from '../io.ts';

export function entryFacts(entry: MemoryEntry) {
  const { namespace, key, value, at, by, task, session, record, expires_at, tags, origin } = entry;
  return {
    namespace,
    key,
    value: entry.blob ? null : value,
    not_recorded: entry.blob ? ['value'] : [],
    at,
    by: actorFacts(by),
    task,
    session,
    record,
    expires_at: expires_at === null ? null : new Date(expires_at).toISOString(),
    tags,
    origin: originFacts(origin),
  };
}

export const actorFacts = ({ kind, name, id }: Actor) => ({ kind, name, id: id ?? null });

export function originFacts(origin: Origin | null) {
  return origin && { session: origin.session, record: origin.record, at: origin.at, by: actorFacts(origin.by) };
}

/** "backend-dev, 3 min ago"; of an imported one who stored it first, and that it was imported. */
export function originOf({ by, at, origin }: MemoryEntry, now: number): string {
  const first = origin ?? { by, at };
  return `${oneLine(first.by.name, 40)}, ${ago(now - Date.parse(first.at))}${origin ? ', imported' : ''}`;
}

/** Keys under their namespaces, each with what stands behind it. */
export function printByNamespace<T extends { namespace: string; key: string }>(
  io: Io,
  rows: readonly T[],
  beside: (row: T) => string,
): void {
  let namespace: string | null = null;
  for (const row of rows) {
    if (row.namespace !== namespace) io.say(io.paint('bold', visible(row.namespace)));
    namespace = row.namespace;
    io.say(`  ${io.paint('cyan', oneLine(row.key, 500))}${beside(row)}`);
  }
}

/** The value on one line of at most `width` characters. */
export function shortValue(entry: MemoryEntry, width: number): string {
  return entry.blob ? '(its value is missing)' : oneLine(valueText(entry.value), Math.max(20, width));
}

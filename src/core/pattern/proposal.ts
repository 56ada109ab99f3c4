/** What a session would change in the reasoning bank, for a person to keep, drop or edit one by one. Pure. */

import { mergeRecords } from '../log/log.ts';
import type { Actor, AnyRecord } from '../log/record.ts';
import { isPattern } from '../memory/key.ts';
import { foldMemory, isWritten } from '../memory/memory.ts';
import { canonicalJson, type Json } from '../text/json.ts';
import { type Alike, nearDuplicates } from './alike.ts';
import { type PatternFields, readPatterns } from './pattern.ts';

/** A field of a changed pattern: items of a list, or the one text that it was and is. */
export interface FieldChange {
  field: string;
  removed: string[];
  added: string[];
}

export interface Proposal {
  key: string;
  change: 'new' | 'changed' | 'removed';
  /** Who proposes it. */
  by: Actor;
  /** As it would be; null: it is to be removed. */
  fields: PatternFields | null;
  /** As it was approved; null: it is new. */
  before: PatternFields | null;
  /** What changed between the two; empty where it is new or to be removed. */
  differences: FieldChange[];
  /** Patterns that say nearly the same. */
  alike: Alike[];
}

/** What a person made of the proposals; one that is named nowhere is kept as it is. */
export interface PatternDecision {
  /** Keys of proposals that do not land. Where a pattern was changed or removed, what was approved before stays. */
  dropped: ReadonlySet<string>;
  /** Proposals that land with another content, by key: the person's own. */
  edited?: { by: Actor; patterns: ReadonlyMap<string, PatternFields> };
}

/** The proposals of a session, by key. `approved`: records of approved memory; `own`: the session's; `now`: milliseconds since the epoch. */
export function proposalsOf(approved: readonly AnyRecord[], own: readonly AnyRecord[], now: number): Proposal[] {
  const touched = new Map<string, AnyRecord>();
  for (const record of own) if (isWritten(record) && isPattern(record.data)) touched.set(record.data.key, record);
  if (touched.size === 0) return [];
  const patternsIn = (records: readonly AnyRecord[]) =>
    new Map(readPatterns(foldMemory(records, now)).map((pattern) => [pattern.key, pattern]));
  const before = patternsIn(approved);
  const after = patternsIn(mergeRecords(approved, own));
  const all = [...after.values()];
  return [...touched]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, last]): Proposal[] => {
      const old = before.get(key) ?? null;
      const next = after.get(key) ?? null;
      if (!next) return old ? [{ key, change: 'removed', by: last.actor, fields: null, before: old, differences: [], alike: [] }] : [];
      // A claim of a place that is taken does not count.
      if (old?.record === next.record) return [];
      const change = old ? 'changed' : 'new';
      return [
        {
          key,
          change,
          by: next.by,
          fields: next,
          before: old,
          differences: old ? differences(old, next) : [],
          alike: nearDuplicates(next, all),
        },
      ];
    });
}

const FIELDS = [
  'title',
  'kind',
  'description',
  'approach',
  'implementation',
  'code_snippets',
  'lessons_learned',
  'applies_to',
  'merged_from',
] as const;

/** What differs between two versions of a pattern, field by field. */
export function differences(before: PatternFields, after: PatternFields): FieldChange[] {
  return FIELDS.flatMap((field): FieldChange[] => {
    const [old, next] = [itemsOf(before[field]), itemsOf(after[field])];
    const removed = old.filter((item) => !next.includes(item));
    const added = next.filter((item) => !old.includes(item));
    return removed.length + added.length > 0 ? [{ field, removed, added }] : [];
  });
}

function itemsOf(value: Json): string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'string' ? item : canonicalJson(item)));
  return [typeof value === 'string' ? value : canonicalJson(value)];
}

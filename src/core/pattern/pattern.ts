/** Patterns: what sessions learned, read from memory of the `reasoning-bank`. Outcomes are measured elsewhere, never stored. Pure; hot path. */

import type { Actor } from '../log/record.ts';
import { isPattern, LEARNED_NAMESPACE } from '../memory/key.ts';
import type { MemoryEntry } from '../memory/memory.ts';
import type { SessionId } from '../session/session-id.ts';
import { asObject, type Json, parseJson } from '../text/json.ts';
import { oneLine } from '../text/text.ts';

/** Something to do, or something to avoid. */
export type PatternKind = 'strategy' | 'pitfall';

/** What an agent said of a pattern's success. A claim: never shown as measured. */
export interface Claimed {
  success_rate: number | null;
  sessions_used: number | null;
  test_coverage_avg: number | null;
  reusable: boolean | null;
}

/** What a pattern says. */
export interface PatternFields {
  /** As the value names it (`pattern_id`), else made of its key. */
  id: string;
  title: string;
  description: string | null;
  kind: PatternKind;
  approach: string | null;
  implementation: Json | null;
  code_snippets: Json | null;
  lessons_learned: string[];
  /** Phrasings of tasks that it fits. */
  applies_to: string[];
  /** Ids and keys of patterns that were merged into it: what was measured of them counts for it. */
  merged_from: string[];
  claimed: Claimed;
}

export interface Pattern extends PatternFields {
  /** Its place in the reasoning bank: `pattern/<topic>/<name>`. */
  key: string;
  tags: string[];
  session: SessionId;
  /** Id of the record that stored it. */
  record: string;
  at: string;
  by: Actor;
  /** Milliseconds since the epoch; null: never. */
  expires_at: number | null;
}

/** Where patterns live in the reasoning bank. */
const PATTERNS = 'pattern/';

/** The key as it is stored: `reasoning-bank/pattern/x`, `pattern/x` and `x` all mean `pattern/x`. */
export function patternKey(given: string): string {
  const key = given.startsWith(`${LEARNED_NAMESPACE}/`) ? given.slice(LEARNED_NAMESPACE.length + 1) : given;
  return key.startsWith(PATTERNS) ? key : `${PATTERNS}${key}`;
}

/** The patterns among memory's entries, in their order. */
export function readPatterns(entries: readonly MemoryEntry[]): Pattern[] {
  return entries.flatMap((entry) => readPattern(entry) ?? []);
}

/** The pattern that an entry holds, whatever shape its value has; null where its place is not a pattern's. */
export function readPattern(entry: MemoryEntry): Pattern | null {
  if (!isPattern(entry)) return null;
  const { key, tags, session, record, at, by, expires_at } = entry;
  return { ...readFields(entry.value, key), key, tags, session, record, at, by, expires_at };
}

/** What a value says, whatever shape it has; `key` names it where it does not name itself. */
export function readFields(value: unknown, key: string): PatternFields {
  const fields = asObject(value) ?? (typeof value === 'string' ? asObject(parseJson(value)) : null);
  const v = fields ?? {};
  const id = text(v.pattern_id) ?? key.slice(PATTERNS.length).replaceAll('/', '-');
  const approach = text(v.approach) ?? (fields === null && typeof value === 'string' ? value : null);
  // Whoever stores a value by hand puts figures where the description has them; they are claims all the same.
  const said = { ...asObject(v.success_metrics), ...asObject(v.claimed) };
  return {
    id,
    title: oneLine(text(v.title) ?? approach ?? id.replaceAll('-', ' '), 100),
    description: text(v.description),
    kind: v.kind === 'pitfall' ? 'pitfall' : 'strategy',
    approach,
    implementation: json(v.implementation),
    code_snippets: json(v.code_snippets),
    lessons_learned: texts(v.lessons_learned),
    applies_to: texts(v.applies_to),
    merged_from: texts(v.merged_from),
    claimed: {
      success_rate: number(v.success_rate) ?? number(said.success_rate),
      sessions_used: number(said.sessions_used),
      test_coverage_avg: number(said.test_coverage_avg),
      reusable: typeof v.reusable === 'boolean' ? v.reusable : typeof said.reusable === 'boolean' ? said.reusable : null,
    },
  };
}

/** The value to store for a pattern, in the order of the description's fields; what was not said is left out. */
export function patternValue(fields: PatternFields): { [field: string]: Json } {
  const claimed = Object.fromEntries(Object.entries(fields.claimed).filter(([, value]) => value !== null));
  const all: Record<string, Json> = {
    pattern_id: fields.id,
    title: fields.title,
    kind: fields.kind,
    description: fields.description,
    approach: fields.approach,
    implementation: fields.implementation,
    claimed,
    code_snippets: fields.code_snippets,
    lessons_learned: fields.lessons_learned,
    applies_to: fields.applies_to,
    merged_from: fields.merged_from,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !isNothing(value)));
}

const isNothing = (value: Json): boolean =>
  value === null || (typeof value === 'object' && (Array.isArray(value) ? value : Object.keys(value)).length === 0);

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const json = (value: unknown): Json | null => (value === undefined ? null : (value as Json));

function texts(value: unknown): string[] {
  if (typeof value === 'string') return text(value) === null ? [] : [value];
  return Array.isArray(value) ? value.filter((item): item is string => text(item) !== null) : [];
}

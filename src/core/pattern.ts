/** Patterns: what sessions learned, read from memory of the `reasoning-bank`, with outcomes that are measured and not claimed. Pure. */

import { asObject, type Json, parseJson } from './json.ts';
import type { MemoryEntry } from './memory.ts';
import { isPattern } from './memory-key.ts';
import type { Actor, AnyRecord } from './record.ts';
import { rank, type SearchText } from './search.ts';
import type { SessionId } from './session-id.ts';
import { oneLine } from './text.ts';

export interface Pattern {
  /** As the value names it (`pattern_id`), else made of its key. */
  id: string;
  /** Its place in the reasoning bank: `pattern/<topic>/<name>`. */
  key: string;
  title: string;
  description: string | null;
  kind: 'strategy' | 'pitfall';
  approach: string | null;
  implementation: Json | null;
  code_snippets: Json | null;
  lessons_learned: string[];
  /** Phrasings of tasks that it fits. */
  applies_to: string[];
  /** What the agent that stored it said of its success. A claim: never shown as measured. */
  claimed: { success_rate: number | null; sessions_used: number | null; test_coverage_avg: number | null; reusable: boolean | null };
  tags: string[];
  session: SessionId;
  /** Id of the record that stored it. */
  record: string;
  at: string;
  by: Actor;
}

/** How a session ended, for the sessions that a pattern was used in. */
export interface SessionOutcome {
  session: SessionId;
  /** Approved with its required checks passed; false: rejected, abandoned or failed. */
  succeeded: boolean;
  /** Percent of lines, from recorded checks. */
  coverage: number | null;
}

/** Derived from closeouts: succeeded in `succeeded` of `of` sessions that used it and have ended. */
export interface MeasuredOutcome {
  succeeded: number;
  of: number;
  /** Percent, 0 to 100; null where no session ended. Always shown beside k of n. */
  success_rate: number | null;
  test_coverage_avg: number | null;
}

/** The patterns among memory's entries, in their order. */
export function readPatterns(entries: readonly MemoryEntry[]): Pattern[] {
  return entries.flatMap((entry) => readPattern(entry) ?? []);
}

/** The pattern that an entry holds, whatever shape its value has; null where its place is not a pattern's. */
export function readPattern(entry: MemoryEntry): Pattern | null {
  if (!isPattern(entry)) return null;
  const { value } = entry;
  const fields = asObject(value) ?? (typeof value === 'string' ? asObject(parseJson(value)) : null);
  const v = fields ?? {};
  const id = text(v.pattern_id) ?? entry.key.slice('pattern/'.length).replaceAll('/', '-');
  const approach = text(v.approach) ?? (fields === null && typeof value === 'string' ? value : null);
  const metrics = asObject(v.success_metrics) ?? {};
  return {
    id,
    key: entry.key,
    title: oneLine(text(v.title) ?? approach ?? id.replaceAll('-', ' '), 100),
    description: text(v.description),
    kind: v.kind === 'pitfall' ? 'pitfall' : 'strategy',
    approach,
    implementation: json(v.implementation),
    code_snippets: json(v.code_snippets),
    lessons_learned: texts(v.lessons_learned),
    applies_to: texts(v.applies_to),
    claimed: {
      success_rate: number(v.success_rate) ?? number(metrics.success_rate),
      sessions_used: number(metrics.sessions_used),
      test_coverage_avg: number(metrics.test_coverage_avg),
      reusable: typeof v.reusable === 'boolean' ? v.reusable : null,
    },
    tags: entry.tags,
    session: entry.session,
    record: entry.record,
    at: entry.at,
    by: entry.by,
  };
}

/**
 * The measured outcome: sessions that used the pattern (the one that stored it, and those with a `pattern.used` record that names its
 * id or key) and whose end is known. What an agent says of the outcome in that record does not count.
 */
export function measurePattern(pattern: Pattern, records: readonly AnyRecord[], outcomes: readonly SessionOutcome[]): MeasuredOutcome {
  const users = new Set<SessionId>([pattern.session]);
  for (const record of records) {
    if (record.kind === 'pattern.used' && [pattern.id, pattern.key].includes(record.data.pattern)) users.add(record.session);
  }
  const ended = outcomes.filter((outcome) => users.has(outcome.session));
  const succeeded = ended.filter((outcome) => outcome.succeeded).length;
  const coverages = ended.flatMap((outcome) => outcome.coverage ?? []);
  return {
    succeeded,
    of: ended.length,
    success_rate: ended.length > 0 ? percent(succeeded / ended.length) : null,
    test_coverage_avg: coverages.length > 0 ? percent(coverages.reduce((sum, value) => sum + value, 0) / coverages.length / 100) : null,
  };
}

/** Words that every task holds, and that therefore say nothing about which pattern fits it. */
const COMMON = new Set(
  (
    'a an and are as at be by do for from get has have how in into is it its make new no not of on or our please so that the this to up ' +
    'use using we what when which will with you your add build change code create fix implement implementation improve need needs ' +
    'project run session should start task update want work working write'
  ).split(' '),
);

/** What a task is compared with. */
export function patternText(pattern: Pattern): SearchText {
  return {
    title: [pattern.key.slice('pattern/'.length), pattern.id, pattern.title, ...pattern.applies_to, ...pattern.tags].join(' '),
    body: [pattern.approach ?? '', pattern.description ?? '', ...pattern.lessons_learned].join(' '),
  };
}

/** The patterns that fit a task described by `terms` (see `termsOf`), best first, at most `limit`; none where nothing fits. */
export function fittingPatterns(patterns: readonly Pattern[], terms: readonly string[], limit: number): Pattern[] {
  return fitting(patterns, patternText, terms, limit);
}

/** As fittingPatterns, for whatever stands for a pattern. */
export function fitting<T>(items: readonly T[], textOf: (item: T) => SearchText, terms: readonly string[], limit: number): T[] {
  const telling = tellingTerms(terms);
  if (telling.length === 0) return [];
  // A word in its name or phrasings, or two anywhere: one word in passing does not make it fit.
  return rank(items, telling, textOf)
    .filter((hit) => hit.matchedInTitle > 0 || hit.matched > 1)
    .slice(0, limit)
    .map((hit) => hit.item);
}

/** The terms that say something about which pattern fits. */
export function tellingTerms(terms: readonly string[]): string[] {
  return terms.filter((term) => term.length > 1 && !COMMON.has(term));
}

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const json = (value: unknown): Json | null => (value === undefined ? null : (value as Json));
const percent = (share: number): number => Math.round(share * 1000) / 10;

function texts(value: unknown): string[] {
  if (typeof value === 'string') return text(value) === null ? [] : [value];
  return Array.isArray(value) ? value.filter((item): item is string => text(item) !== null) : [];
}

/** Memory as it is handed to a model: quoted, with its origin, and no more than fits. */

import { z } from 'zod';
import { snippet } from '../core/memory/explain.ts';
import { type MemoryEntry, valueText } from '../core/memory/memory.ts';
import { escapeUnsafe } from '../core/text/text.ts';
import type { MemoryFound } from '../lifecycle/memory/seen.ts';

/** Values up to so many characters are given whole, ... */
const WHOLE_CHARS = 4000;
/** ... and a list of entries ends before it has so many in all. */
const LIST_CHARS = 40_000;
/** The most of one value that is asked for by its key, ... */
const ONE_CHARS = 60_000;
/** ... and how much is shown of one that has more. */
const PIECE_CHARS = 400;

export const entryPart = z.object({
  namespace: z.string(),
  key: z.string(),
  value: z.unknown().optional(),
  snippet: z.string().optional(),
  by: z.string(),
  task: z.string().nullable(),
  session: z.string(),
  at: z.string(),
  expires_at: z.string().nullable(),
});

/** How much was found; total null: more than was checked. */
export const foundPart = { total: z.number().nullable(), unchecked: z.number() };

export type QuotedEntry = z.infer<typeof entryPart>;

/** One entry with its value, or with a piece of one that is too large for a model; `words`: around which of its words. */
export function quoted(entry: MemoryEntry, most = ONE_CHARS, words: readonly string[] = []): QuotedEntry {
  const { namespace, key, at, by, task, session, expires_at } = entry;
  const expires = expires_at === null ? null : new Date(expires_at).toISOString();
  return { namespace, key, ...valuePart(entry, most, words), by: by.name, task, session, at, expires_at: expires };
}

function valuePart(entry: MemoryEntry, most: number, words: readonly string[]): Pick<QuotedEntry, 'value' | 'snippet'> {
  if (entry.blob) return { snippet: '(its value is missing)' };
  const text = valueText(entry.value);
  return text.length <= most ? { value: entry.value } : { snippet: snippet(text, words, Math.min(most, PIECE_CHARS)) };
}

/** As many of what was found as fit, in their order. */
export function quotedHits(hits: MemoryFound['hits']): QuotedEntry[] {
  const list: QuotedEntry[] = [];
  let chars = 0;
  for (const { entry, matches } of hits) {
    const one = quoted(
      entry,
      WHOLE_CHARS,
      matches.map(({ found }) => found),
    );
    chars += JSON.stringify(one).length;
    if (chars > LIST_CHARS && list.length > 0) break;
    list.push(one);
  }
  return list;
}

/** JSON on one line in which no character acts on a terminal or hides from a reader: the same value for whoever parses it. */
export function quotedJson(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value));
}

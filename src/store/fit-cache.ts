/** The index of patterns by what they say, kept for the next task. Deleting it loses only time. Hot path: node built-ins only. */

import { join } from 'node:path';
import { type FitIndex, INDEX_STAMP } from '../core/fit/fit-index.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'fit.json');

/** The kept index of exactly these patterns, named by the records that stored them, in this order; null where there is none. */
export function keptFitIndex(commonDir: string, records: readonly string[]): FitIndex | null {
  const raw = asObject(parseJson(readOrNull(path(commonDir)) ?? ''));
  const isTheirs = raw?.stamp === INDEX_STAMP && raw.records === records.join(' ') && raw.size === records.length;
  return isTheirs && asObject(raw.rows) ? (raw as unknown as FitIndex) : null;
}

/** The kept index of these patterns, else a new one, which is kept in its place. */
export function fitIndex(commonDir: string, records: readonly string[], make: () => FitIndex): FitIndex {
  const kept = keptFitIndex(commonDir, records);
  if (kept) return kept;
  const index = make();
  try {
    writeAtomic(path(commonDir), `${JSON.stringify({ stamp: INDEX_STAMP, records: records.join(' '), ...index })}\n`);
  } catch {
    // Only speed is lost.
  }
  return index;
}

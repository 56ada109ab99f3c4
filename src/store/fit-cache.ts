/** The index of patterns by what they say, kept for the next task. Deleting it loses only time. Hot path: node built-ins only. */

import { join } from 'node:path';
import { type FitIndex, INDEX_STAMP } from '../core/fit/fit-index.ts';
import { digestOf, readChecked, writeChecked } from './checked-file.ts';
import { privatePaths } from './paths.ts';

const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'fit');
const nameOf = (bank: string) => `git-session fit ${INDEX_STAMP} ${bank}`;

/** Names patterns by the records that stored them, in their order. */
export const bankOf = (records: readonly string[]): string => `${records.length}.${digestOf(records.join(' '))}`;

/** The kept index of exactly these patterns, named by `bankOf`; null where there is none. */
export function keptFitIndex(commonDir: string, bank: string): FitIndex | null {
  const rows = readChecked(path(commonDir), nameOf(bank));
  return rows && { size: Number.parseInt(bank, 10), rows };
}

/** The kept index of these patterns, else a new one, which is kept in its place. */
export function fitIndex(commonDir: string, records: readonly string[], make: () => FitIndex): FitIndex {
  const bank = bankOf(records);
  const kept = keptFitIndex(commonDir, bank);
  if (kept) return kept;
  const index = make();
  writeChecked(path(commonDir), nameOf(bank), index.rows);
  return index;
}

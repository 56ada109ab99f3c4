/** The index of patterns by what they say, made once for as long as they stay the same. */

import { type FitIndex, indexOf } from '../../core/fit/fit-index.ts';
import type { Pattern } from '../../core/pattern/pattern.ts';
import { patternText } from '../../core/pattern/rank.ts';
import { fitIndex } from '../../store/fit-cache.ts';

const recordsOf = (patterns: readonly Pattern[]): string[] => patterns.map(({ record }) => record);
const make = (patterns: readonly Pattern[]): FitIndex => indexOf(patterns.map(patternText));

/** The index of these patterns, kept in this clone for the next command. */
export function patternIndex(commonDir: string, patterns: readonly Pattern[]): FitIndex {
  return fitIndex(commonDir, recordsOf(patterns), () => make(patterns));
}

let last: { records: string; index: FitIndex } | null = null;

/** The same in a process that lives on, kept in it alone: what it sees differs by session, and the clone's is for what is approved. */
export function livePatternIndex(patterns: readonly Pattern[]): FitIndex {
  const records = recordsOf(patterns).join(' ');
  if (last?.records !== records) last = { records, index: make(patterns) };
  return last.index;
}

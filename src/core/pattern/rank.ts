/**
 * Which patterns fit a task, best first: the one place that ranks them. A task's words and the candidates with what was measured of them go
 * in, the few that fit come out. Pure; hot path.
 */

import { isTelling } from '../fit/common.ts';
import { fits } from '../fit/fit.ts';
import type { FitIndex, FitText } from '../fit/fit-index.ts';
import { stemsOf } from '../fit/words.ts';
import type { PatternFields } from './pattern.ts';

/** So many patterns are offered at most. */
export const OFFERED = 3;

/** A pattern as far as ranking goes, beside its text in the index. */
export interface Candidate {
  /** Closeouts of sessions that used it: succeeded in `succeeded` of `of`. */
  succeeded: number;
  of: number;
  /** When it was stored, ISO. */
  at: string;
}

/** The stems of a text that say something about which pattern fits; none: nothing is offered. */
export function tellingStems(text: string): string[] {
  return [...new Set(stemsOf(text))].filter(isTelling);
}

/** Whether any of its stems does. */
export const isTellingText = (text: string): boolean => stemsOf(text).some(isTelling);

/** What a pattern is found by. */
export function patternText(pattern: PatternFields & { key: string; tags: readonly string[] }): FitText {
  const { key, id, title, tags, applies_to, description, approach, lessons_learned } = pattern;
  return {
    names: [`${key.slice('pattern/'.length)} ${id}`, title, ...tags],
    applies_to,
    body: [description ?? '', approach ?? '', ...lessons_learned],
  };
}

export interface RankOptions<T> {
  /** At most so many. */
  limit: number;
  /** Milliseconds since the epoch. */
  now: number;
  /** False for what must not be offered; it counts in the index all the same. */
  may?: (candidate: T) => boolean;
}

/** The candidates that fit a task described in `words`, best first; none where nothing fits. `index`: of their texts; `candidate`: by its place there. */
export function bestFitting<T extends Candidate>(
  words: string,
  candidate: (at: number) => T | null | undefined,
  index: FitIndex,
  { limit, now, may = () => true }: RankOptions<T>,
): T[] {
  // The text decides what fits, and the standing which of these comes first.
  return fits(words, index)
    .flatMap(({ at, score }) => {
      const item = candidate(at);
      return item && may(item) ? [{ item, points: score * standing(item, now) }] : [];
    })
    .sort((a, b) => b.points - a.points)
    .slice(0, limit)
    .map(({ item }) => item);
}

const YEAR_MS = 365 * 86_400_000;

/** About 1: up to 1.3 for what always worked, down to 0.7 for what never did, and with the years down to four fifths of that. */
function standing({ succeeded, of, at }: Candidate, now: number): number {
  // As if it had once worked and once failed: one closeout decides little.
  const worked = (succeeded + 1) / (of + 2);
  const years = Math.max(0, now - Date.parse(at)) / YEAR_MS;
  return (0.7 + 0.6 * worked) * (0.8 + 0.2 * 2 ** -years);
}

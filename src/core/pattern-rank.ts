/**
 * Which patterns fit a task, best first: the one place that ranks them. A task's words and the candidates with what was measured of them go
 * in, the few that fit come out. Pure; hot path.
 */

import type { Pattern, PatternKind } from './pattern.ts';
import { rank, type SearchText, termsOf } from './search.ts';

/** So many patterns are offered at most. */
export const OFFERED = 3;

/** What a task's words are compared with. */
export interface PatternText {
  /** Its key, id, title and tags. */
  title: string;
  /** Phrasings of tasks that it fits. */
  applies_to: string[];
  /** Approach, description and lessons. */
  body: string;
}

/** A pattern as far as ranking goes. */
export interface Candidate {
  text: PatternText;
  kind: PatternKind;
  /** Closeouts of sessions that used it: succeeded in `succeeded` of `of`. */
  succeeded: number;
  of: number;
  /** When it was stored, ISO. */
  at: string;
}

/** Words that every task holds, and that therefore say nothing about which pattern fits it. */
const COMMON = new Set(
  (
    'a an and are as at be by do for from get has have how in into is it its make new no not of on or our please so that the this to up ' +
    'use using we what when which will with you your add build change code create fix implement implementation improve need needs ' +
    'project run session should start task update want work working write'
  ).split(' '),
);

/** The words of a task that say something about which pattern fits; none: nothing is offered. */
export function tellingTerms(words: string): string[] {
  return termsOf(words).filter((term) => term.length > 1 && !COMMON.has(term));
}

/** What a pattern is found by. */
export function patternText(pattern: Pattern): PatternText {
  return {
    title: [pattern.key.slice('pattern/'.length), pattern.id, pattern.title, ...pattern.tags].join(' '),
    applies_to: pattern.applies_to,
    body: [pattern.approach ?? '', pattern.description ?? '', ...pattern.lessons_learned].join(' '),
  };
}

/** As a search by words sees it: phrasings weigh as much as the title. */
export function searchTextOf({ title, applies_to, body }: PatternText): SearchText {
  return { title: `${title} ${applies_to.join(' ')}`, body };
}

/** The candidates that fit a task described in `words`, best first, at most `limit`; none where nothing fits. `now`: milliseconds since the epoch. */
export function bestFitting<T extends Candidate>(words: string, candidates: readonly T[], options: { limit: number; now: number }): T[] {
  const terms = tellingTerms(words);
  if (terms.length === 0) return [];
  // A word in its name or phrasings, or two anywhere: one word in passing does not make it fit.
  return rank(candidates, terms, ({ text }) => searchTextOf(text))
    .filter((hit) => hit.matchedInTitle > 0 || hit.matched > 1)
    .map(({ item, score }) => ({ item, points: score * standing(item, options.now) }))
    .sort((a, b) => b.points - a.points)
    .slice(0, options.limit)
    .map(({ item }) => item);
}

const YEAR_MS = 365 * 86_400_000;

/** About 1: more for what worked, less for what did not, and a little less with the years. */
function standing({ succeeded, of, at }: Candidate, now: number): number {
  // As if it had once worked and once failed: one closeout decides little.
  const worked = (succeeded + 1) / (of + 2);
  const years = Math.max(0, now - Date.parse(at)) / YEAR_MS;
  return (0.7 + 0.6 * worked) * (0.8 + 0.2 * 2 ** -years);
}

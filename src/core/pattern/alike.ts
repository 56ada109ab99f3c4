/** How alike two patterns are, so that the same thing learned twice is pointed out. Pure. */

import type { Pattern, PatternFields } from './pattern.ts';
import { tellingStems } from './rank.ts';

export interface Alike {
  key: string;
  id: string;
  title: string;
  /** Percent of shared words, 0 to 100. */
  similarity: number;
}

/** From here on two patterns are near-duplicates. */
const NEAR = 50;
const MOST = 3;

/** The patterns of its kind that are nearly the same as this one, most alike first, at most three: a warning is no second copy of an advice. */
export function nearDuplicates(of: PatternFields & { key: string }, others: readonly Pattern[]): Alike[] {
  const words = wordsOf(of);
  return others
    .filter(({ key, kind }) => key !== of.key && kind === of.kind)
    .map((other) => ({ key: other.key, id: other.id, title: other.title, similarity: similarity(words, wordsOf(other)) }))
    .filter((alike) => alike.similarity >= NEAR)
    .sort((a, b) => b.similarity - a.similarity || (a.key < b.key ? -1 : 1))
    .slice(0, MOST);
}

/** The pattern's words with their weights: what names it counts double. */
function wordsOf(pattern: PatternFields): Map<string, number> {
  const words = new Map<string, number>();
  const take = (text: string, weight: number) => {
    for (const word of tellingStems(text)) words.set(word, Math.max(weight, words.get(word) ?? 0));
  };
  for (const text of [pattern.title, ...pattern.applies_to]) take(text, 2);
  for (const text of [pattern.approach ?? '', pattern.description ?? '', ...pattern.lessons_learned]) take(text, 1);
  return words;
}

/** Weighted Dice coefficient, in percent. */
function similarity(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const sum = (words: ReadonlyMap<string, number>) => [...words.values()].reduce((total, weight) => total + weight, 0);
  const all = sum(a) + sum(b);
  let shared = 0;
  for (const [word, weight] of a) shared += Math.min(weight, b.get(word) ?? 0);
  return all === 0 ? 0 : Math.round((200 * shared) / all);
}

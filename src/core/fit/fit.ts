/** Which texts of an index fit the words of a task. Pure. */

import { isPlain, isTelling } from './common.ts';
import { type Feature, featuresOf, isTopic } from './features.ts';
import { type FitIndex, rowOf } from './fit-index.ts';
import { nearWord } from './near-word.ts';
import { stemsOf } from './words.ts';

/** A bank is judged as if so many more texts stood beside it: what is telling must not rest on three patterns alone. */
const BESIDE = 30;
/** The share of those that would say a plain word, any other word, or a topic. */
const SAID_BY = { plain: 0.2, word: 0.01, topic: 0.02 };
/** A topic that a task votes for so much weighs a half. */
const HALF_VOTE = 0.6;
/** How much a task's other words speak against a fit: 0 not at all, 1 in full. */
const OTHER_WORDS = 0.7;
/** A text fits from this score on in a bank of a hundred, and so much later for each e-fold of it: among more, something fits by chance. */
const FITS = 0.44;
const FITS_MORE = 0.03;
/** So many words make a passage; half of each belongs to the next as well. */
const PASSAGE = 60;
/** What scores less than this share of the best is not offered beside it. */
const BESIDE_BEST = 0.5;
/** A task is judged as if it said so much more than it does: one that says little fits little. */
const UNSAID = 8;

export interface Fit {
  /** Its place in the index. */
  at: number;
  score: number;
}

/** The texts that fit, best first; none where nothing fits. */
export function fits(words: string, index: FitIndex): Fit[] {
  const stems = stemsOf(words);
  if (!stems.some(isTelling)) return [];
  const passages = passagesOf(stems);
  const all = scores(passages, index);
  const least = FITS + FITS_MORE * Math.log((index.size * passages.length) / 100);
  return all.filter(({ score }) => score >= Math.max(least, BESIDE_BEST * (all[0]?.score ?? 0)));
}

/** A long task is read by passages, or what one of them says would drown in the others. Always one at least. */
function passagesOf(stems: readonly string[]): string[][] {
  const passages = [stems.slice(0, PASSAGE)];
  for (let from = PASSAGE / 2; from + PASSAGE / 2 < stems.length; from += PASSAGE / 2) passages.push(stems.slice(from, from + PASSAGE));
  return passages;
}

/** All texts that share anything with the passages, each by the passage that it fits best; best first, equals in their order. */
function scores(passages: readonly string[][], index: FitIndex): Fit[] {
  const best = new Map<number, number>();
  for (const stems of passages) {
    const { sums, all } = shared(stems, index);
    for (const [at, sum] of sums) best.set(at, Math.max(best.get(at) ?? 0, sum / (all + UNSAID) ** OTHER_WORDS));
  }
  return [...best].map(([at, score]) => ({ at, score })).sort((a, b) => b.score - a.score || a.at - b.at);
}

/** How much of what the stems tell each text shares, and how much they tell in all. */
function shared(stems: readonly string[], index: FitIndex): { sums: Map<number, number>; all: number } {
  const sums = new Map<number, number>();
  let all = 0;
  for (const [feature, much] of featuresOf(stems)) {
    const near = isTopic(feature) ? { feature, sure: much / (much + HALF_VOTE) } : nearWord(feature, index);
    const row = rowOf(index, near.feature);
    const weight = telling(near.feature, row, index.size) * near.sure;
    all += weight;
    // Plain loops, here and below: a topic is said by hundreds.
    for (let i = 0; i < row.length; i += 2) {
      const at = row[i] ?? 0;
      sums.set(at, (sums.get(at) ?? 0) + (weight * (row[i + 1] ?? 0)) / 100);
    }
  }
  return { sums, all };
}

/** How much it says of a text that it has the feature: the fewer have it, the more. */
function telling(feature: Feature, row: readonly number[], size: number): number {
  const said = isTopic(feature) ? SAID_BY.topic : isPlain(feature) ? SAID_BY.plain : SAID_BY.word;
  let having = BESIDE * said;
  for (let i = 1; i < row.length; i += 2) having += isTopic(feature) ? (row[i] ?? 0) / 100 : 1;
  return Math.log(1 + (size + BESIDE - having + 0.5) / (having + 0.5));
}

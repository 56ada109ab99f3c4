/** An index of texts by what they say, in a shape that a file can keep: a task reads only the rows that it asks for. Pure. */

import { parseJson } from '../text/json.ts';
import { sortedLines, valueIn } from '../text/sorted-lines.ts';
import { type Feature, featuresOf } from './features.ts';
import { THESAURUS_STAMP } from './thesaurus-files.ts';
import { stemsOf } from './words.ts';

/** What is searched of a pattern. */
export interface FitText {
  /** What names it: its title, id, tags. */
  names: string[];
  /** Phrasings of tasks that it fits. */
  applies_to: string[];
  /** What it says: description, approach, lessons. */
  body: string[];
}

export interface FitIndex {
  /** How many texts there are. */
  size: number;
  /** Sorted lines: for each feature "text,weight,text,weight", the texts' places, and how much each says it, in percent. */
  rows: Buffer;
}

/** Names and phrasings count whole, the rest in part. */
const BODY = 0.5;
/** A feature said so much weighs a half; more said adds less and less. */
const HALF = 0.7;
/** A text that says more than others weighs less for each: 0 not at all, 1 in full. */
const LENGTH = 0.3;
/** Less than so many percent is passing mention. */
const LEAST = 5;

/** Names what an index was made by: one with another stamp is of no use. */
export const INDEX_STAMP = `3.${THESAURUS_STAMP}`;

/** The index of these texts, by their places. */
export function indexOf(texts: readonly FitText[]): FitIndex {
  const all = texts.map(weightsOf);
  const lengths = all.map((weights) => [...weights.values()].reduce((sum, weight) => sum + weight, 0));
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length);
  const pairs = new Map<Feature, number[]>();
  for (const [at, weights] of all.entries()) {
    const norm = 1 - LENGTH + (LENGTH * (lengths[at] ?? 0)) / (average || 1);
    for (const [feature, weight] of weights) {
      const percent = Math.round((100 * weight) / norm);
      if (percent < LEAST) continue;
      const row = pairs.get(feature);
      if (row) row.push(at, percent);
      else pairs.set(feature, [at, percent]);
    }
  }
  return { size: texts.length, rows: sortedLines([...pairs].map(([feature, row]) => [feature, row.join()])) };
}

function weightsOf({ names, applies_to, body }: FitText): Map<Feature, number> {
  const said = new Map<Feature, number>();
  const add = (text: string, share: number) => {
    for (const [feature, much] of featuresOf(stemsOf(text))) said.set(feature, (said.get(feature) ?? 0) + share * much);
  };
  for (const text of [...names, ...applies_to]) add(text, 1);
  for (const text of body) add(text, BODY);
  return new Map([...said].map(([feature, much]) => [feature, much / (much + HALF)]));
}

/** Who says the feature, and how much: `[text, percent, text, percent]`. */
export function rowOf(index: FitIndex, feature: Feature): number[] {
  const row = parseJson(`[${valueIn(index.rows, feature) ?? ''}]`);
  return Array.isArray(row) ? row : [];
}

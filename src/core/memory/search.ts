/** Ranking by words (BM25) in one pass over the texts: nothing is indexed, a query is fastest by scanning. Pure. */

import { MIN_STEM, occurrences } from './search-words.ts';
import { countTypos, editsIn, wantedTypo } from './typos.ts';

/** What is searched of one item: a hit in the title weighs more. */
export interface SearchText {
  title: string;
  body: string;
}

export interface Hit<T> {
  item: T;
  /** Greater is better; comparable within one answer only. */
  score: number;
  /** How many of the query's words it holds. */
  matched: number;
  /** How many of them its title holds, without a typing error. */
  matchedInTitle: number;
}

const K1 = 1.2;
const B = 0.75;
const TITLE_WEIGHT = 3;
/** A term that no more items hold is looked for with typing errors, too; such a word counts this much of a whole one. */
const LITTLE = 2;
const TYPO_WEIGHT = 0.3;

export interface Ranked<T> {
  hits: Hit<T>[];
  /** Those beyond the limit that hold at least one of the terms, too: in no order. */
  rest: T[];
  /** Terms that too few held, so that words with a typing error counted as well. */
  typos: ReadonlySet<string>;
}

/** Items that hold at least one of the terms, the best `limit`, equals in the order of `tie`; typing errors are forgiven in words that hardly anything holds. */
export function rankBest<T>(
  items: Iterable<T>,
  terms: readonly string[],
  textOf: (item: T) => SearchText,
  { limit, tie }: { limit: number; tie: (a: T, b: T) => number },
): Ranked<T> {
  const weighed = weigh([...items], terms, textOf);
  const typos = new Set(terms.filter((term, i) => editsIn(term) > 0 && (weighed.holders[i] ?? 0) <= LITTLE));
  if (typos.size > 0) weighTypos(weighed, typos, textOf);
  const all = score(weighed);
  // Numbers sort quickly; hits are sorted only where they may be among the best.
  const least = limit < all.length ? Float64Array.from(all, (hit) => -hit.score).sort()[limit - 1] : undefined;
  const [near, far]: Hit<T>[][] = [[], []];
  for (const hit of all) (least === undefined || -hit.score <= least ? near : far)?.push(hit);
  near?.sort((a, b) => b.score - a.score || tie(a.item, b.item));
  const rest = [...(near ?? []).slice(limit), ...(far ?? [])].map(({ item }) => item);
  return { hits: (near ?? []).slice(0, limit), rest, typos };
}

/** How much each item holds of each term: `weights` and `inTitle` have a number for each item and term, item by item. */
interface Weighed<T> {
  items: readonly T[];
  terms: readonly string[];
  weights: Float64Array;
  inTitle: Uint8Array;
  lengths: Float64Array;
  /** How many items hold each term. */
  holders: number[];
}

function weigh<T>(items: readonly T[], terms: readonly string[], textOf: (item: T) => SearchText): Weighed<T> {
  const size = items.length * terms.length;
  const weights = new Float64Array(size);
  const inTitle = new Uint8Array(size);
  const lengths = new Float64Array(items.length);
  const holders = terms.map(() => 0);
  const probes = terms.map((term) => (term.length > MIN_STEM ? term.slice(0, MIN_STEM) : term));
  for (let n = 0; n < items.length; n++) {
    const { title, body } = textOf(items[n] as T);
    const lowTitle = title.toLowerCase();
    const lowBody = body.toLowerCase();
    // About six characters a word: an average is all that the length is compared with.
    lengths[n] = (lowTitle.length + lowBody.length) / 6 + 1;
    // Plain loops, and nothing made: this runs for every text there is.
    for (let i = 0; i < terms.length; i++) {
      const titled = occurrences(lowTitle, probes[i] ?? '', terms[i] ?? '');
      const weight = titled * TITLE_WEIGHT + occurrences(lowBody, probes[i] ?? '', terms[i] ?? '');
      if (weight === 0) continue;
      weights[n * terms.length + i] = weight;
      if (titled > 0) inTitle[n * terms.length + i] = 1;
      holders[i] = (holders[i] ?? 0) + 1;
    }
  }
  return { items, terms, weights, inTitle, lengths, holders };
}

/** Adds what words with a typing error weigh, for these terms. */
function weighTypos<T>({ items, terms, weights, holders }: Weighed<T>, typos: ReadonlySet<string>, textOf: (item: T) => SearchText): void {
  const wanted = terms.flatMap((term, i) => (typos.has(term) ? [{ ...wantedTypo(term), i }] : []));
  const found = wanted.map(() => 0);
  for (let n = 0; n < items.length; n++) {
    const { title, body } = textOf(items[n] as T);
    found.fill(0);
    countTypos(title.toLowerCase(), wanted, TITLE_WEIGHT * TYPO_WEIGHT, found);
    countTypos(body.toLowerCase(), wanted, TYPO_WEIGHT, found);
    for (const [w, { i }] of wanted.entries()) {
      const weight = found[w] ?? 0;
      if (weight === 0) continue;
      const at = n * terms.length + i;
      if (weights[at] === 0) holders[i] = (holders[i] ?? 0) + 1;
      weights[at] = (weights[at] ?? 0) + weight;
    }
  }
}

/** Items that hold at least one of the terms, in the order they came in. */
function score<T>({ items, terms, weights, inTitle, lengths, holders }: Weighed<T>): Hit<T>[] {
  const total = items.length;
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, total);
  const idf = holders.map((n) => Math.log(1 + (total - n + 0.5) / (n + 0.5)));
  const hits: Hit<T>[] = [];
  for (let n = 0; n < total; n++) {
    const norm = K1 * (1 - B + (B * (lengths[n] ?? 0)) / average);
    let points = 0;
    let matched = 0;
    let matchedInTitle = 0;
    for (let i = 0; i < terms.length; i++) {
      const weight = weights[n * terms.length + i] ?? 0;
      if (weight === 0) continue;
      matched++;
      matchedInTitle += inTitle[n * terms.length + i] ?? 0;
      points += ((idf[i] ?? 0) * weight * (K1 + 1)) / (weight + norm);
    }
    if (matched > 0) hits.push({ item: items[n] as T, score: points, matched, matchedInTitle });
  }
  return hits;
}

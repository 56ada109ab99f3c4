/** Ranking by words (BM25) in one pass over the texts: nothing is indexed, a query is fastest by scanning. Pure. */

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
  /** How many of them its title holds. */
  matchedInTitle: number;
}

const K1 = 1.2;
const B = 0.75;
const TITLE_WEIGHT = 3;
/** A word that begins with the query's word, or that the query's word begins with, counts this much of a whole one. */
const PREFIX_WEIGHT = 0.5;
/** So many letters must agree where only a part of a word does. */
const MIN_PREFIX = 3;
const MIN_STEM = 4;
const MAX_TERMS = 32;

/** The distinct words of a query: letters and digits, lower case. */
export function termsOf(query: string): string[] {
  return [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, MAX_TERMS);
}

/** Items that hold at least one of the terms, best first; equals keep the order they came in. */
export function rank<T>(items: Iterable<T>, terms: readonly string[], textOf: (item: T) => SearchText): Hit<T>[] {
  return score(items, terms, textOf).sort((a, b) => b.score - a.score);
}

/** As `rank`, but only the best `limit`, equals in the order of `tie`; and how many there are in all. */
export function rankBest<T>(
  items: Iterable<T>,
  terms: readonly string[],
  textOf: (item: T) => SearchText,
  { limit, tie }: { limit: number; tie: (a: T, b: T) => number },
): { total: number; hits: Hit<T>[] } {
  const all = score(items, terms, textOf);
  // Numbers sort quickly; hits are sorted only where they may be among the best.
  const least = limit < all.length ? Float64Array.from(all, (hit) => -hit.score).sort()[limit - 1] : undefined;
  const near = least === undefined ? all : all.filter((hit) => -hit.score <= least);
  return { total: all.length, hits: near.sort((a, b) => b.score - a.score || tie(a.item, b.item)).slice(0, limit) };
}

/** Items that hold at least one of the terms, in the order they came in. */
function score<T>(items: Iterable<T>, terms: readonly string[], textOf: (item: T) => SearchText): Hit<T>[] {
  const held: { item: T; length: number; matched: number; matchedInTitle: number }[] = [];
  // One number for each held item and term.
  const weights: number[] = [];
  const holders = terms.map(() => 0);
  const probes = terms.map((term) => (term.length > MIN_STEM ? term.slice(0, MIN_STEM) : term));
  const found = terms.map(() => 0);
  let total = 0;
  let sum = 0;
  for (const item of items) {
    const { title, body } = textOf(item);
    const lowTitle = title.toLowerCase();
    const lowBody = body.toLowerCase();
    // About six characters a word: an average is all that the length is compared with.
    const length = (lowTitle.length + lowBody.length) / 6 + 1;
    total++;
    sum += length;
    let matched = 0;
    let matchedInTitle = 0;
    // Plain loops, and nothing made for an item that holds none of the terms: this runs for every text there is.
    for (let i = 0; i < terms.length; i++) {
      const inTitle = occurrences(lowTitle, probes[i] ?? '', terms[i] ?? '');
      const weight = inTitle * TITLE_WEIGHT + occurrences(lowBody, probes[i] ?? '', terms[i] ?? '');
      found[i] = weight;
      if (weight === 0) continue;
      matched++;
      if (inTitle > 0) matchedInTitle++;
      holders[i] = (holders[i] ?? 0) + 1;
    }
    if (matched === 0) continue;
    held.push({ item, length, matched, matchedInTitle });
    for (let i = 0; i < found.length; i++) weights.push(found[i] ?? 0);
  }
  const average = sum / Math.max(1, total);
  const idf = holders.map((n) => Math.log(1 + (total - n + 0.5) / (n + 0.5)));
  return held.map(({ item, length, matched, matchedInTitle }, n) => {
    const norm = K1 * (1 - B + (B * length) / average);
    let points = 0;
    for (let i = 0; i < terms.length; i++) {
      const weight = weights[n * terms.length + i] ?? 0;
      points += ((idf[i] ?? 0) * weight * (K1 + 1)) / (weight + norm);
    }
    return { item, score: points, matched, matchedInTitle };
  });
}

/** How often the words of `text` (lower case) are the term, in whole words: one that shares only its beginning, at least `probe`, counts in part. */
function occurrences(text: string, probe: string, term: string): number {
  let sum = 0;
  for (let at = text.indexOf(probe); at !== -1; at = text.indexOf(probe, at + 1)) {
    if (at > 0 && isWordCode(text.charCodeAt(at - 1)) && isSpaced(term)) continue;
    sum += agreement(text, at, term);
  }
  return sum;
}

function agreement(text: string, at: number, term: string): number {
  if (text.startsWith(term, at)) {
    const end = at + term.length;
    if (end === text.length || !isWordCode(text.charCodeAt(end))) return 1;
    return term.length >= MIN_PREFIX ? PREFIX_WEIGHT : 0;
  }
  const word = wordAt(text, at);
  return word.length >= MIN_STEM && term.startsWith(word) ? PREFIX_WEIGHT : 0;
}

function wordAt(text: string, from: number): string {
  let end = from;
  while (end < text.length && isWordCode(text.charCodeAt(end))) end++;
  return text.slice(from, end);
}

/** Lower-case ASCII letters and digits, and what lies beyond ASCII except its punctuation. */
function isWordCode(code: number): boolean {
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
  return code >= 0xc0 && !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f);
}

/** False for scripts that write without spaces: there a word may begin anywhere. */
function isSpaced(term: string): boolean {
  return term.charCodeAt(0) < 0x0e00;
}

/** About `width` characters of the text around the first of the terms in it, on one line, with an ellipsis where it was cut. */
export function snippet(text: string, terms: readonly string[], width: number): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= width) return flat;
  const low = flat.toLowerCase();
  const found = terms.map((term) => low.indexOf(term)).filter((at) => at >= 0);
  const first = found.length > 0 ? Math.min(...found) : 0;
  const from = Math.max(0, Math.min(first - Math.floor(width / 4), flat.length - width));
  const piece = flat.slice(from, from + width);
  return `${from > 0 ? '…' : ''}${piece.toWellFormed()}${from + width < flat.length ? '…' : ''}`;
}

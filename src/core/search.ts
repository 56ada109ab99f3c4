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
  const rows: { item: T; weights: number[]; length: number; matchedInTitle: number }[] = [];
  const holders = terms.map(() => 0);
  const probes = terms.map((term) => (term.length > MIN_STEM ? term.slice(0, MIN_STEM) : term));
  let total = 0;
  let lengths = 0;
  for (const item of items) {
    const { title, body } = textOf(item);
    const lowTitle = title.toLowerCase();
    const lowBody = body.toLowerCase();
    // About six characters a word: an average is all that the length is compared with.
    const length = (lowTitle.length + lowBody.length) / 6 + 1;
    total++;
    lengths += length;
    let matchedInTitle = 0;
    let weights: number[] | null = null;
    // Plain loops, and nothing made for an item that holds none of the terms: this runs for every text there is.
    for (let i = 0; i < terms.length; i++) {
      const inTitle = occurrences(lowTitle, probes[i] ?? '', terms[i] ?? '');
      const weight = inTitle * TITLE_WEIGHT + occurrences(lowBody, probes[i] ?? '', terms[i] ?? '');
      if (weight === 0) continue;
      if (inTitle > 0) matchedInTitle++;
      holders[i] = (holders[i] ?? 0) + 1;
      weights ??= terms.map(() => 0);
      weights[i] = weight;
    }
    if (weights) rows.push({ item, weights, length, matchedInTitle });
  }
  const average = lengths / Math.max(1, total);
  const idf = holders.map((n) => Math.log(1 + (total - n + 0.5) / (n + 0.5)));
  return rows
    .map(({ item, weights, length, matchedInTitle }) => {
      const norm = K1 * (1 - B + (B * length) / average);
      const score = weights.reduce((sum, weight, i) => sum + ((idf[i] ?? 0) * weight * (K1 + 1)) / (weight + norm), 0);
      return { item, score, matched: weights.filter((weight) => weight > 0).length, matchedInTitle };
    })
    .sort((a, b) => b.score - a.score);
}

/** How often the words of `text` (lower case) are the term, in whole words: one that shares only its beginning, at least `probe`, counts in part. */
function occurrences(text: string, probe: string, term: string): number {
  let sum = 0;
  for (let at = text.indexOf(probe); at !== -1; at = text.indexOf(probe, at + 1)) {
    if (at > 0 && isWordCode(text.charCodeAt(at - 1)) && isSpaced(term)) continue;
    sum += agreement(wordAt(text, at), term);
  }
  return sum;
}

function agreement(word: string, term: string): number {
  if (word === term) return 1;
  if (term.length >= MIN_PREFIX && word.startsWith(term)) return PREFIX_WEIGHT;
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

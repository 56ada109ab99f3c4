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
  /** How many of them its title holds, without a typing error. */
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
/** A term that no more items hold is looked for with typing errors, too; such a word counts this much of a whole one. */
const LITTLE = 2;
const TYPO_WEIGHT = 0.3;

/** The distinct words of a query: letters and digits, lower case. */
export function termsOf(query: string): string[] {
  return [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, MAX_TERMS);
}

/** Items that hold at least one of the terms, best first; equals keep the order they came in. No typing error is forgiven. */
export function rank<T>(items: Iterable<T>, terms: readonly string[], textOf: (item: T) => SearchText): Hit<T>[] {
  return score(weigh([...items], terms, textOf)).sort((a, b) => b.score - a.score);
}

export interface Ranked<T> {
  hits: Hit<T>[];
  /** Those beyond the limit that hold at least one of the terms, too: in no order. */
  rest: T[];
  /** Terms that too few held, so that words with a typing error counted as well. */
  typos: ReadonlySet<string>;
}

/** As `rank`, but only the best `limit`, equals in the order of `tie`, and forgiving typing errors in words that hardly anything holds. */
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

/** How many typing errors a query's word may have: none in a short one, nor in scripts that write without spaces. */
function editsIn(term: string): number {
  return !isSpaced(term) || term.length < 4 ? 0 : term.length < 8 ? 1 : 2;
}

/** A term to be found with typing errors, and which letters it has, so that most words are told apart from it at once. */
interface WantedTypo {
  term: string;
  edits: number;
  letters: number;
}

function wantedTypo(term: string): WantedTypo {
  let letters = 0;
  for (let at = 0; at < term.length; at++) letters |= 1 << (term.charCodeAt(at) & 31);
  return { term, edits: editsIn(term), letters };
}

/** Adds `weight` to `found` for each word of `text` (lower case) that is a term but for some typing errors. */
function countTypos(text: string, wanted: readonly WantedTypo[], weight: number, found: number[]): void {
  let from = -1;
  let letters = 0;
  // One pass over the letters of every text there is: nothing is cut out or made.
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (isWordCode(code)) {
      if (from < 0) {
        from = at;
        letters = 0;
      }
      letters |= 1 << (code & 31);
      continue;
    }
    if (from < 0) continue;
    for (let w = 0; w < wanted.length; w++) {
      const { term, edits, letters: wants } = wanted[w] as WantedTypo;
      // Each edit takes away one letter and adds one at most.
      if (Math.abs(at - from - term.length) > edits || bitsIn(letters ^ wants) > 2 * edits) continue;
      if (!isTypo(text, from, at, term, edits)) continue;
      found[w] = (found[w] ?? 0) + weight;
    }
    from = -1;
  }
}

function bitsIn(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

function isTypo(text: string, from: number, to: number, term: string, edits: number): boolean {
  if (Math.abs(to - from - term.length) > edits || agreement(text, from, term) > 0) return false;
  return isNear(text, from, to, term, 0, edits);
}

/** Whether `text` from `i` to `end` becomes `term` from `j` on by at most so many letters changed, left out, added, or swapped with the next. */
function isNear(text: string, i: number, end: number, term: string, j: number, edits: number): boolean {
  while (i < end && j < term.length && text.charCodeAt(i) === term.charCodeAt(j)) {
    i++;
    j++;
  }
  if (i === end || j === term.length) return end - i + term.length - j <= edits;
  if (edits === 0) return false;
  return (
    isNear(text, i + 1, end, term, j + 1, edits - 1) ||
    isNear(text, i + 1, end, term, j, edits - 1) ||
    isNear(text, i, end, term, j + 1, edits - 1) ||
    (i + 1 < end && text[i] === term[j + 1] && text[i + 1] === term[j] && isNear(text, i + 2, end, term, j + 2, edits - 1))
  );
}

export interface Match {
  /** The query's word. */
  word: string;
  /** The word that it was found as, lower case. */
  found: string;
  field: string;
  /** `typo`: but for a typing error or two. */
  how: 'word' | 'beginning' | 'typo';
}

/** Which of the terms stand in which of an item's fields, the best of each: why the item was found. `typos` as `rankBest` tells. */
export function explain(
  fields: readonly (readonly [name: string, text: string])[],
  terms: readonly string[],
  typos: ReadonlySet<string>,
): Match[] {
  const low = fields.map(([field, text]) => [field, text.toLowerCase()] as const);
  return terms.flatMap((word) => {
    const matches = low.flatMap(([field, text]) => bestIn(text, word, typos.has(word) ? editsIn(word) : 0, field) ?? []);
    // An exact word tells more than a resembling one beside it.
    const best = HOW.find((how) => matches.some((match) => match.how === how));
    return matches.filter(({ how }) => how === best);
  });
}

const HOW = ['word', 'beginning', 'typo'] as const;

function bestIn(text: string, word: string, edits: number, field: string): Match | null {
  let best: Match | null = null;
  const take = (how: Match['how'], found: string) => {
    if (!best || HOW.indexOf(how) < HOW.indexOf(best.how)) best = { word, found, field, how };
  };
  for (let at = 0; at < text.length; at++) {
    if (!isWordCode(text.charCodeAt(at)) || (at > 0 && isWordCode(text.charCodeAt(at - 1)) && isSpaced(word))) continue;
    const agrees = agreement(text, at, word);
    const found = wordAt(text, at);
    if (agrees > 0) take(agrees === 1 ? 'word' : 'beginning', found);
    else if (edits > 0 && isTypo(text, at, at + found.length, word, edits)) take('typo', found);
  }
  return best;
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

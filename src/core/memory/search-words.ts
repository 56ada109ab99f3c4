/** Words of texts and queries, and how far they agree. Pure; hot path. */

/** A word that begins with the query's word, or that the query's word begins with, counts this much of a whole one. */
const PREFIX_WEIGHT = 0.5;
/** So many letters must agree where only a part of a word does. */
const MIN_PREFIX = 3;
export const MIN_STEM = 4;
const MAX_TERMS = 32;

/** The distinct words of a query: letters and digits, lower case. */
export function termsOf(query: string): string[] {
  return [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, MAX_TERMS);
}

/** How often the words of `text` (lower case) are the term, in whole words: one that shares only its beginning, at least `probe`, counts in part. */
export function occurrences(text: string, probe: string, term: string): number {
  let sum = 0;
  for (let at = text.indexOf(probe); at !== -1; at = text.indexOf(probe, at + 1)) {
    if (at > 0 && isWordCode(text.charCodeAt(at - 1)) && isSpaced(term)) continue;
    sum += agreement(text, at, term);
  }
  return sum;
}

/** How far the word of `text` that begins at `at` agrees with the term: 1 wholly, less where one begins with the other, 0 not at all. */
export function agreement(text: string, at: number, term: string): number {
  if (text.startsWith(term, at)) {
    const end = at + term.length;
    if (end === text.length || !isWordCode(text.charCodeAt(end))) return 1;
    return term.length >= MIN_PREFIX ? PREFIX_WEIGHT : 0;
  }
  const word = wordAt(text, at);
  return word.length >= MIN_STEM && term.startsWith(word) ? PREFIX_WEIGHT : 0;
}

/** The word that begins there. */
export function wordAt(text: string, from: number): string {
  let end = from;
  while (end < text.length && isWordCode(text.charCodeAt(end))) end++;
  return text.slice(from, end);
}

/** Lower-case ASCII letters and digits, and what lies beyond ASCII except its punctuation. */
export function isWordCode(code: number): boolean {
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
  return code >= 0xc0 && !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f);
}

/** False for scripts that write without spaces: there a word may begin anywhere. */
export function isSpaced(term: string): boolean {
  return term.charCodeAt(0) < 0x0e00;
}

/** Why an item was found, and where: for whoever reads the answer. Pure. */

import { agreement, isSpaced, isWordCode, wordAt } from './search-words.ts';
import { editsIn, isTypo } from './typos.ts';

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

/** Words that are another but for a typing error or two. Pure; hot path. */

import { agreement, isSpaced, isWordCode } from './search-words.ts';

/** How many typing errors a query's word may have: none in a short one, nor in scripts that write without spaces. */
export function editsIn(term: string): number {
  return !isSpaced(term) || term.length < 4 ? 0 : term.length < 8 ? 1 : 2;
}

/** A term to be found with typing errors, and which letters it has, so that most words are told apart from it at once. */
interface WantedTypo {
  term: string;
  edits: number;
  letters: number;
}

export function wantedTypo(term: string): WantedTypo {
  let letters = 0;
  for (let at = 0; at < term.length; at++) letters |= 1 << (term.charCodeAt(at) & 31);
  return { term, edits: editsIn(term), letters };
}

/** Adds `weight` to `found` for each word of `text` (lower case) that is a term but for some typing errors. */
export function countTypos(text: string, wanted: readonly WantedTypo[], weight: number, found: number[]): void {
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

export function isTypo(text: string, from: number, to: number, term: string, edits: number): boolean {
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

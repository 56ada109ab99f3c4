/** A word that a bank does not know, as one that it knows: typing errors, and compounds written as one. Pure. */

import { keysIn, valueIn } from '../text/sorted-lines.ts';
import type { FitIndex } from './fit-index.ts';

const MIN_LETTERS = 6;
/** A word that was taken for another counts this much. */
const SURE = 0.7;

/** The stem itself where the bank or nobody knows it, else the one it stands for, and how sure that is. */
export function nearWord(stem: string, index: FitIndex): { feature: string; sure: number } {
  if (stem.length < MIN_LETTERS || valueIn(index.rows, stem) !== null) return { feature: stem, sure: 1 };
  for (const known of keysIn(index.rows, stem.slice(0, 1))) if (isOneOff(stem, known)) return { feature: known, sure: SURE };
  return { feature: stem, sure: 1 };
}

/** One letter more, less, other, or two neighbours swapped; the first letter is right. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a[0] !== b[0] || b.length < MIN_LETTERS - 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}

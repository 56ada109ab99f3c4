/** Words that say little or nothing about which pattern fits. Pure. */

import { PLAIN_STEMS, STOP_STEMS } from './common-words.ts';

/** Phrases are told without them. */
const GLUE = 'a an the of to in on at is are was were be its it our my their his her your this that and or for from by with as';

const glue = new Set(GLUE.split(' '));
const stop = new Set(STOP_STEMS);
const plain = new Set(PLAIN_STEMS);

/** True for a stem that says nothing: a function word, a number, a single letter. */
export const isStop = (word: string): boolean => word.length < 2 || stop.has(word) || isNumber(word);

/** Unicode's numbers are asked for where there may be any: the expression takes a millisecond to make. */
const isNumber = (word: string): boolean => /^\d+$/.test(word) || (/^\d*[^\0-\x7f]/.test(word) && /^\p{N}+$/u.test(word));

/** True for a stem that most tasks may hold. */
export const isPlain = (word: string): boolean => plain.has(word);

/** True for a stem that says something about what fits. */
export const isTelling = (word: string): boolean => !isStop(word) && !isPlain(word);

/** True for a stem that phrases are told without. */
export const isGlue = (word: string): boolean => glue.has(word);

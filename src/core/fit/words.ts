/** The words of a text, as stems in their order. Pure. */

import { stemOnce } from './stem.ts';

/** More of a text is not read: the first page says what it is about. */
const MAX_CHARS = 4000;
const MAX_WORD = 40;

/** Scripts that write without spaces; hiragana, there, is mostly endings. */
const UNSPACED = /[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]{2,}/gu;

/** Stems in the order of the text, lower case: `waitForTimeout` and `user_id` come apart. */
export function stemsOf(text: string): string[] {
  const read = text.slice(0, MAX_CHARS);
  const words = isAscii(read)
    ? read
        .replace(/([a-z\d])(?=[A-Z])/g, '$1 ')
        .toLowerCase()
        .replace(/'s\b/g, '')
        .match(/[a-z\d]+/g)
    : read
        .replace(/([\p{Ll}\d])(?=\p{Lu})/gu, '$1 ')
        .normalize('NFKC')
        .toLowerCase()
        .replace(/['\u2019]s\b/g, '')
        .match(/[\p{L}\p{M}\p{N}]+/gu);
  return (words ?? []).flatMap(spaced).map((word) => stemOnce(word.slice(0, MAX_WORD)));
}

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** A run of an unspaced script as pairs of its letters. */
function spaced(word: string): string | string[] {
  if (word.charCodeAt(0) < 0x0e00) return word;
  return (word.match(UNSPACED) ?? []).flatMap((run) => {
    const letters = [...run];
    return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
  });
}

/** Topics of software work: which words point at one thing, so that a symptom finds what helps. Pure. */

import { isStop } from './common.ts';
import { stemOnce } from './stem.ts';
import { CLIENT } from './words/client.ts';
import { CODE } from './words/code.ts';
import { DATA } from './words/data.ts';
import { DELIVERY } from './words/delivery.ts';
import { EVERYDAY } from './words/everyday.ts';
import { SECURITY } from './words/security.ts';
import { SERVICE } from './words/service.ts';
import { SYMPTOMS } from './words/symptoms.ts';

export interface Phrase {
  /** Its stems after the first, in order. */
  rest: string[];
  /** Numbers of the topics that it points at. */
  topics: number[];
}

export interface Thesaurus {
  /** Topics of a stem. */
  words: ReadonlyMap<string, number[]>;
  /** Phrases by their first stem. */
  phrases: ReadonlyMap<string, Phrase[]>;
}

const TEXT = [DATA, SERVICE, SECURITY, DELIVERY, CODE, CLIENT, SYMPTOMS, EVERYDAY].join('\n');
/** Changes with the thesaurus: topics are told apart by their numbers. */
export const THESAURUS_STAMP = TEXT.length;
let whole: Thesaurus | null = null;

/** The thesaurus, whole: for many texts. */
export function thesaurus(): Thesaurus {
  whole ??= readThesaurus(TEXT);
  return whole;
}

/** As much of the thesaurus as one text of these words needs, where it was not read whole: a tenth of the time. */
export const thesaurusFor = (words: readonly string[]): Thesaurus => whole ?? thesaurusPart(words);

/** That part. */
export function thesaurusPart(words: readonly string[]): Thesaurus {
  return readThesaurus(TEXT, new Set(words.flatMap((word, at) => [beginning(word), beginning(`${word}${words[at + 1] ?? ''}`)])));
}

/** The letters that a word, or the first one of a phrase, shares with its stem. */
const beginning = (entry: string): string => (entry[2] === '_' ? entry.slice(0, 2) : entry.slice(0, 3));

/** Reads lines of words and `_`-joined phrases, each line a topic. `wanted`: only what begins with these letters. */
function readThesaurus(text: string, wanted: ReadonlySet<string> | null = null): Thesaurus {
  const words = new Map<string, number[]>();
  const phrases = new Map<string, Phrase[]>();
  for (const [topic, entries] of entriesIn(text, wanted)) {
    for (const entry of entries) {
      const [first = '', ...rest] = entry.split('_').map(stemOnce);
      // A word that says nothing points at nothing.
      if (rest.length === 0 && isStop(first)) continue;
      const topics =
        rest.length === 0
          ? entryOf(words, first, () => [])
          : phraseOf(
              entryOf(phrases, first, () => []),
              rest,
            ).topics;
      if (topics.at(-1) !== topic) topics.push(topic);
    }
  }
  return { words, phrases };
}

/** Topics with their entries. */
function entriesIn(text: string, wanted: ReadonlySet<string> | null): Iterable<[topic: number, entries: string[]]> {
  if (!wanted) return text.split('\n').map((line, topic): [number, string[]] => [topic, line.split(' ')]);
  const letters = [...wanted]
    .filter((word) => /^[a-z\d]+$/.test(word))
    .map((word) => (word.length < 3 ? `${word}(?:_\\w*)?\\b` : `${word}\\w*`));
  const found: [number, string[]][] = [];
  let [topic, end] = [0, text.indexOf('\n')];
  if (letters.length === 0) return found;
  // One look through the text: taking it apart to its eight thousand entries takes 3 ms.
  for (const { 0: entry, index } of text.matchAll(new RegExp(`\\b(?:${letters.join('|')})`, 'g'))) {
    for (; end >= 0 && end < index; topic++) end = text.indexOf('\n', end + 1);
    found.push([topic, [entry]]);
  }
  return found;
}

function phraseOf(phrases: Phrase[], rest: string[]): Phrase {
  const known = phrases.find((phrase) => phrase.rest.join(' ') === rest.join(' '));
  if (known) return known;
  const phrase = { rest, topics: [] };
  phrases.push(phrase);
  return phrase;
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const held = map.get(key) ?? make();
  map.set(key, held);
  return held;
}

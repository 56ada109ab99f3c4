/** Topics of software work: which words point at one thing, so that a symptom finds what helps. Pure. */

import { FILED_BY, THESAURUS_FILES } from './thesaurus-files.ts';

export interface Phrase {
  /** Its stems after the first, in order. */
  rest: string[];
  /** Numbers of the topics that it points at. */
  topics: number[];
}

interface File {
  /** Topics of a stem. */
  words: Map<string, number[]>;
  /** Phrases by their first stem. */
  phrases: Map<string, Phrase[]>;
}

const files = new Map<string, File>();
const EMPTY: File = { words: new Map(), phrases: new Map() };

/** The topics that a stem points at; the same array each time. */
export const topicsOf = (stem: string): readonly number[] | undefined => fileOf(stem).words.get(stem);

/** The phrases that begin with a stem; the same ones each time. */
export const phrasesOf = (stem: string): readonly Phrase[] => fileOf(stem).phrases.get(stem) ?? [];

function fileOf(stem: string): File {
  const letters = stem.slice(0, FILED_BY);
  const known = files.get(letters);
  if (known) return known;
  const entries = Object.hasOwn(THESAURUS_FILES, letters) ? THESAURUS_FILES[letters] : undefined;
  if (entries === undefined) return EMPTY;
  const file = readFile(entries);
  files.set(letters, file);
  return file;
}

function readFile(entries: string): File {
  const file: File = { words: new Map(), phrases: new Map() };
  for (const entry of entries.split(' ')) {
    const [key = '', numbers = ''] = entry.split(':');
    const topics = numbers.split(',').map(Number);
    const [first = '', ...rest] = key.split('_');
    if (rest.length === 0) file.words.set(first, topics);
    else file.phrases.set(first, [...(file.phrases.get(first) ?? []), { rest, topics }]);
  }
  return file;
}

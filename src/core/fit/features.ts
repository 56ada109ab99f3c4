/** What a text says, as features that can be counted: its stems, and the topics that they point at. Pure. */

import { isGlue, isPlain, isStop } from './common.ts';
import { phrasesOf, topicsOf } from './thesaurus.ts';

/** A stem, or `#` and the number of a topic. */
export type Feature = string;

export const isTopic = (feature: Feature): boolean => feature.startsWith('#');

/** A phrase is found where its words stand this much further apart than side by side, in any order. */
const GAP = 2;
/** A phrase points at its topic more surely than a word, and a plain word less. */
const PHRASE_VOTE = 3;
const PLAIN_VOTE = 0.5;

/** How much a text of these stems says each feature. A vote is shared out among the topics of a word or phrase: what may mean anything says little. */
export function featuresOf(stems: readonly string[]): Map<Feature, number> {
  const row = joined(stems).filter((word) => !isGlue(word));
  const there = new Set(row);
  const said = new Map<Feature, number>();
  const count = (feature: Feature, much: number) => said.set(feature, (said.get(feature) ?? 0) + much);
  const voted = new Set<readonly number[]>();
  const vote = (topics: readonly number[], much: number) => {
    if (voted.has(topics)) return;
    voted.add(topics);
    for (const topic of topics) count(`#${topic}`, much / topics.length);
  };
  // The words of a phrase that stands there as it is mean the phrase, and no longer what each means alone.
  const taken = new Set<number>();
  for (const [at, word] of row.entries()) {
    for (const { rest, topics } of phrasesOf(word)) {
      if (!rest.every((part) => there.has(part))) continue;
      if (rest.every((part, i) => row[at + 1 + i] === part)) for (let i = 0; i <= rest.length; i++) taken.add(at + i);
      else if (!rest.every((part) => isNear(row, at, part, rest.length + GAP))) continue;
      vote(topics, PHRASE_VOTE);
    }
  }
  for (const [at, word] of row.entries()) {
    if (isStop(word)) continue;
    count(word, 1);
    const topics = topicsOf(word);
    if (topics && !taken.has(at)) vote(topics, isPlain(word) ? PLAIN_VOTE : 1);
  }
  return said;
}

/** Two neighbours that the thesaurus knows as one word are that word: "log in", "timed out", "dead lock". */
function joined(stems: readonly string[]): string[] {
  const row: string[] = [];
  for (let at = 0; at < stems.length; at++) {
    const [a = '', b = ''] = [stems[at], stems[at + 1]];
    const one = a.length < 2 || b.length < 2 ? undefined : [`${a}${b}`, `${a}e${b}`].find((word) => topicsOf(word) !== undefined);
    row.push(one ?? a);
    if (one !== undefined) at++;
  }
  return row;
}

function isNear(row: readonly string[], at: number, word: string, reach: number): boolean {
  for (let place = Math.max(0, at - reach); place <= at + reach; place++) if (place !== at && row[place] === word) return true;
  return false;
}

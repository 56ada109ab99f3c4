/** A topic for what a person asked for, or none: the same for the same words, never a vague one, never anything of a secret. Pure. */

import { scanSecrets } from '../core/secrets/scan.ts';
import { isVague, slugify } from '../core/session/session-id.ts';

/** What asks for work. A first sentence without any of these is a question or small talk. */
const VERBS = new Set(
  (
    'add adapt adjust allow automate build change clean configure convert correct create debug delete deploy design develop document drop enable ' +
    'enforce ensure expose extend extract find fix generate handle implement improve integrate introduce investigate limit make merge migrate ' +
    'modernize move optimize parse port prepare prevent profile reduce refactor remove rename reorganize replace restructure rewrite serve set ' +
    'simplify speed split start store support switch test translate turn update upgrade use validate verify wire wrap write'
  ).split(' '),
);

/** Words that say nothing in a name. */
const FILLERS = new Set(
  (
    'a able about again all also am an and any are as at be been before but by can could did do does each every first for from get give go ' +
    'good had has have hello help here hey hi how i if in into is it its just kindly let lets like look me my need needs next no not now of off ' +
    'ok okay on once one only or our out over please re really right should so some something sure take than thank thanks that the their them ' +
    'then there these they this those to together too try up us very want wants was way we well were what when where which while who will with ' +
    'without would you your better nicer nice great more less working properly correctly again everything anything'
  ).split(' '),
);

const QUESTION =
  /^(?:what|why|who|when|where|which|how|is|are|was|were|do|does|did|has|have|should|explain|tell|show|describe|summari[sz]e|list)\b/i;
const MOST_WORDS = 6;

/** Two to six words joined by dashes; null where the prompt asks for no work that can be named. */
export function inferTopic(prompt: string): string | null {
  if (prompt.length > 20_000 || scanSecrets(prompt, 'prompt.txt').length > 0) return null;
  const text = prompt
    .replace(/```[\s\S]*?(?:```|$)/g, ' ')
    .replace(/\b\w+:\/\/\S+|<[^>\n]{1,200}>/g, ' ')
    .trim();
  const sentence = text.split(/\n|[.!?;:](?:\s|$)/).find((part) => /\p{L}{3}/u.test(part)) ?? '';
  const asked = sentence.replace(/^(?:hi|hello|hey|ok|okay|please|now)[\s,]+/i, '').trim();
  if (QUESTION.test(asked)) return null;
  const words = asked.split(/\s+/).map((word) => slugify(word.replace(/['’]\w*$/, '')));
  const verb = words.findIndex((word) => VERBS.has(word));
  // "We have to", "can you": what is asked for begins with its verb.
  if (verb < 0 || verb > 6) return null;
  const telling = words.slice(verb).filter((word) => word !== '' && !FILLERS.has(word) && isWord(word));
  const topic = telling.slice(0, MOST_WORDS).join('-');
  return telling.length < 2 || isVague(topic) || topic.length > 60 ? null : topic;
}

/** A word that people say: no hash, key, number or path. */
function isWord(word: string): boolean {
  return word.length <= 24 && /[a-z]/.test(word) && !/\d.*[a-z].*\d|^[a-f0-9]{7,}$/.test(word) && word.split('-').length <= 3;
}

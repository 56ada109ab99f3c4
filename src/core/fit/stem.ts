/** English words, brought to a common form: "migrations", "migrated" and "migrating" are one word. Pure. */

/** Words that endings would make something else of, each with its form. */
export const IRREGULAR: ReadonlyMap<string, string> = new Map(
  (
    'indices index vertices vertex matrices matrix children child people person ran run sent send lost lose broke break broken break built build ' +
    'wrote write written write stuck stick froze freeze frozen freeze grew grow grown grow slept sleep woke wake woken wake hung hang bought buy ' +
    'paid pay kept keep left leave held hold threw throw thrown throw caught catch hid hide hidden hide spent spend stole steal stolen steal ' +
    'forgot forget forgotten forget took take taken take came come went go gone go saw see seen see got get gave give given give did do done do ' +
    'logs log nodejs node monitors monitor currencies currency'
  )
    .split(' ')
    .map((word, at, all): [string, string] => [word, all[at + 1] ?? ''])
    .filter((_, at) => at % 2 === 0),
);

/** Stay as they are. */
const WHOLE = new Set('data redis https aws dns tls css kubernetes rls sms ios news series cors monitor currency'.split(' '));

/** Endings that come off, one a step, each with what takes its place; the first that fits. */
const STEPS: [ending: string, instead: string][][] = [
  [
    ['ss', 'ss'],
    ['us', 'us'],
    ['is', 'is'],
    ['as', 'as'],
    ['ies', 'y'],
    ['xes', 'x'],
    ['ches', 'ch'],
    ['shes', 'sh'],
    ['sses', 'ss'],
    ['s', ''],
  ],
  [
    ['ification', 'ify'],
    ['ization', 'ize'],
    ['isation', 'ize'],
    ['izing', 'ize'],
    ['ising', 'ize'],
    ['ized', 'ize'],
    ['ised', 'ize'],
    ['izer', 'ize'],
    ['iser', 'ize'],
    ['ise', 'ize'],
    ['ational', 'at'],
    ['ation', 'at'],
    ['ating', 'at'],
    ['ated', 'at'],
    ['ate', 'at'],
    ['ator', 'at'],
    ['ied', 'y'],
    ['ing', ''],
    ['eed', 'eed'],
    ['ed', ''],
  ],
  [
    ['ency', 'ent'],
    ['ssion', 'ss'],
    ['ment', ''],
    ['ness', ''],
    ['fully', ''],
    ['ful', ''],
    ['less', ''],
    ['ably', ''],
    ['ibly', ''],
    ['able', ''],
    ['ible', ''],
    ['ally', ''],
    ['ity', ''],
    ['tion', 't'],
    ['sion', 't'],
    ['ly', ''],
  ],
];

/** A lower-case word without its endings; not always a word itself. What is no English word changes little or not at all. The first three letters stay, but in irregular words. */
export function stem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return stem(irregular);
  if (word.length < 4 || WHOLE.has(word)) return word;
  let form = word;
  for (const step of STEPS) {
    const rule = step.find(([ending]) => form.endsWith(ending));
    if (!rule) continue;
    const shorter = form.slice(0, form.length - rule[0].length) + rule[1];
    if (shorter.length >= 3 && hasVowel(shorter)) form = shorter;
  }
  // "scheduler" and "profiler", but not "order"; then "stopped" and "stop", "caching" and "cache", "retry" and "retries".
  if (form.length > 6 && (form.endsWith('er') || form.endsWith('or'))) form = form.slice(0, -2);
  if (form.length < 4) return form;
  const [last, before] = [form.at(-1) ?? '', form.at(-2) ?? ''];
  if (last === before && 'bdfgmnprt'.includes(last)) return form.slice(0, -1);
  if (last === 'e') return form.slice(0, -1);
  return last === 'y' ? `${form.slice(0, -1)}i` : form;
}

function hasVowel(word: string): boolean {
  for (const letter of word) if ('aeiouy'.includes(letter)) return true;
  return false;
}

const known = new Map<string, string>();
const MOST_KNOWN = 50_000;

/** As `stem`, remembered: a bank says the same words over and over. */
export function stemOnce(word: string): string {
  const held = known.get(word);
  if (held !== undefined) return held;
  const form = stem(word);
  if (known.size < MOST_KNOWN) known.set(word, form);
  return form;
}

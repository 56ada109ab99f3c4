/** The thesaurus by the beginnings of its words, so that a text reads the little that it asks for. Computed when the program is built: scripts/build.mjs. Pure. */

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

/** So many first letters say where a stem is filed. */
export const FILED_BY = 3;

/** Reads lines of words and `_`-joined phrases, each line a topic, into `stem:topics` and `stem_stem:topics`, by the beginning of the first. */
function filed(text: string): Record<string, string> {
  const found = new Map<string, Set<number>>();
  for (const [topic, line] of text.split('\n').entries()) {
    for (const entry of line.split(' ').filter(Boolean)) {
      const stems = entry.split('_').map(stemOnce);
      // A word that says nothing points at nothing.
      if (stems.length === 1 && isStop(stems.join())) continue;
      found.set(stems.join('_'), (found.get(stems.join('_')) ?? new Set()).add(topic));
    }
  }
  const files: Record<string, string> = {};
  for (const [key, topics] of found) {
    const file = (key.split('_')[0] ?? '').slice(0, FILED_BY);
    files[file] = `${files[file] ? `${files[file]} ` : ''}${key}:${[...topics].join()}`;
  }
  return files;
}

export const THESAURUS_FILES = filed([DATA, SERVICE, SECURITY, DELIVERY, CODE, CLIENT, SYMPTOMS, EVERYDAY].join('\n'));
/** Changes with the thesaurus: topics are told apart by their numbers. */
export const THESAURUS_STAMP = Object.values(THESAURUS_FILES).join().length;

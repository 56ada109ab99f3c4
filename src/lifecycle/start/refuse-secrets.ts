/** A topic and a goal are written into names and commits, which travel: a secret in one is given away. */

import { stateError } from '../../core/errors.ts';
import { scanSecrets } from '../../core/secrets/scan.ts';

/** Throws (exit 1) where the text seems to hold a secret; names the rule and not the secret. */
export function refuseSecretIn(what: 'topic' | 'goal', text: string): void {
  const [found] = scanSecrets(text, `${what}.txt`);
  if (!found) return;
  throw stateError({
    what: `The ${what} seems to hold a secret; nothing was started.`,
    why: `It looks like what the rule ${found.rule} finds, and it would be in the session's branch and commits.`,
    next: 'Say it without the secret.',
  });
}

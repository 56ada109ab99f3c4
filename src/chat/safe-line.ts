/** Words of a prompt that may be kept in git. */

import { scanSecrets } from '../core/secrets/scan.ts';
import { oneLine } from '../core/text/text.ts';

/** So much of a text is looked at, in UTF-16 code units: what is kept of it is its beginning, and no secret that begins there is as long. */
const LOOKED_AT = 20_000;

/** One line that may become a commit's subject or a goal; null for none, and where its beginning holds a secret. */
export function safeLine(text: string | null): string | null {
  const start = text?.trimStart().slice(0, LOOKED_AT);
  if (start === undefined || scanSecrets(start, 'prompt.txt').length > 0) return null;
  return oneLine(start, 200) || null;
}

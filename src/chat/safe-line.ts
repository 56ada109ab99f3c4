/** Words of a prompt that may be kept in git. */

import { scanSecrets } from '../core/secrets/scan.ts';
import { oneLine } from '../core/text/text.ts';

/** One line that may become a commit's subject or a goal; null for none, and for one that holds a secret. */
export function safeLine(text: string | null): string | null {
  if (text === null || scanSecrets(text, 'prompt.txt').length > 0) return null;
  return oneLine(text, 200) || null;
}

/** Links in a checkout. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** True where the path below `top` is a link, or lies behind one: what is written there would be written elsewhere. */
export function isBehindLink(top: string, path: string): boolean {
  const steps = path.split('/').map((_, i, parts) => join(top, ...parts.slice(0, i + 1)));
  return steps.some((step) => lstatSync(step, { throwIfNoEntry: false })?.isSymbolicLink() === true);
}

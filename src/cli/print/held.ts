/** Files that a checkpoint left alone, for people and as facts. */

import { visible } from '../../core/text/text.ts';
import type { Held } from '../../lifecycle/checkpoint/held.ts';
import type { Io } from '../io.ts';

/** As `--json` has them. */
export const heldFacts = (held: readonly Held[]) => held.map(({ path, why }) => ({ path, why }));

/** A line a file, and what helps. `again`: the command that takes them in afterwards. */
export function printHeld(io: Io, held: readonly Held[], again: string): void {
  for (const { path, why } of held) io.say(`Not committed: ${visible(path)}: ${visible(why)}`);
  if (held.some(({ rule }) => rule === 'secrets')) {
    io.note(`next: read the value from the environment or a secret store, then: ${again}`);
    io.note('      Where it is no secret, a person can accept it in .sessionrc.yaml: secrets.allow (rule, path, reason).');
  }
  if (held.some(({ rule }) => rule === 'routing')) io.note('next: git session adopt <path>   (moves the file to the place named above)');
}

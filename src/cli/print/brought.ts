/** What was brought into a new worktree, for people. */

import { visible } from '../../core/text/text.ts';
import type { Brought } from '../../lifecycle/checkout/bring-files.ts';
import type { Io } from '../io.ts';

/** A line for what came; `printLeft` says what did not. */
export function printBrought(io: Io, brought: readonly Brought[]): void {
  const came = brought.filter(({ how }) => how === 'copied' || how === 'linked');
  if (came.length > 0) io.say(`  brought    ${came.map(({ path, how }) => `${visible(path)} (${how})`).join(', ')}`);
}

/** A note for each that was not brought. */
export function printLeft(io: Io, brought: readonly Brought[]): void {
  for (const { path, how, why } of brought) {
    if (how === 'left') io.note(`note: ${visible(path)} was not brought along: ${visible(why ?? '')}.`);
    if (how === 'kept') io.note(`note: ${visible(path)} was not brought along, and stays as it is: ${visible(why ?? '')}.`);
  }
}

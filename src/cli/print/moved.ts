/** What moving files came to, for people. */

import { count, visible } from '../../core/text/text.ts';
import type { Moved } from '../../lifecycle/files/move-files.ts';
import type { Io } from '../io.ts';

export function printMoved(io: Io, { moves, commit, staged, waits, held }: Moved): void {
  for (const { from, to } of moves) io.say(`${visible(from)} ${io.paint('dim', '->')} ${visible(to)}`);
  if (commit) io.say(`Committed as ${commit.slice(0, 10)}.`);
  if (staged.length > 0) io.say(`${count(staged.length, 'file')} stay${staged.length === 1 ? 's' : ''} staged for your next commit.`);
  if (waits) io.say(`The commit waits: ${visible(waits)}. A later command makes it.`);
  for (const { path, why } of held) io.say(`Not committed: ${visible(path)}: ${visible(why)}`);
}

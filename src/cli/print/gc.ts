/** A thing in the trash, for people: whether it goes and why, what it holds, and since when. */

import { count, oneLine } from '../../core/text/text.ts';
import type { TrashVerdict } from '../../core/trash.ts';
import { TRASH } from '../../core/trash-refs.ts';
import type { Io } from '../io.ts';
import { printBlock } from './block.ts';

const LABEL = 7;

export function printTrash(io: Io, { item, goes, why, since, days }: TrashVerdict): void {
  const where = why === 'held elsewhere' && item.elsewhere ? ` in ${oneLine(item.elsewhere, 100)}` : '';
  const head = `${oneLine(item.ref.replace(TRASH, ''), 120)} (${why}${where})`;
  const age = since === null || days === null ? 'age not recorded' : `since ${since.slice(0, 10)}, ${count(Math.max(days, 0), 'day')}`;
  const alone = item.onlyHere === 0 ? 'no commit only here' : `${count(item.onlyHere, 'commit')} only here`;
  printBlock(io, goes ? 'goes' : 'stays', LABEL, head, goes ? 'yellow' : null);
  printBlock(io, '', LABEL, `${oneLine(item.subject, 100) || 'no message'}; ${age}; ${alone}`);
}

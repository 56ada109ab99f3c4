/** A thing in the trash, for people: whether it goes and why, what it holds, and since when. */

import { wrapLine } from '../../core/text/columns.ts';
import { count, oneLine } from '../../core/text/text.ts';
import type { TrashVerdict } from '../../core/trash.ts';
import type { Io } from '../io.ts';

const LABEL = 7;

export function printTrash(io: Io, { item, goes, why, since, days }: TrashVerdict): void {
  const where = why === 'held elsewhere' && item.elsewhere ? ` in ${oneLine(item.elsewhere, 100)}` : '';
  const head = `${oneLine(item.ref.replace('refs/git-session/trash/', ''), 120)} (${why}${where})`;
  const age = since === null || days === null ? 'age not recorded' : `since ${since.slice(0, 10)}, ${count(Math.max(days, 0), 'day')}`;
  const alone = item.onlyHere === 0 ? 'no commit only here' : `${count(item.onlyHere, 'commit')} only here`;
  block(io, goes ? io.paint('yellow', 'goes   ') : 'stays  ', head);
  block(io, ' '.repeat(LABEL), `${oneLine(item.subject, 100) || 'no message'}; ${age}; ${alone}`);
}

/** Wrapped to the terminal beside its label. */
function block(io: Io, label: string, text: string): void {
  const lines = wrapLine({ text, indent: 0 }, io.width - LABEL);
  lines.forEach((line, i) => {
    io.say(`${i === 0 ? label : ' '.repeat(LABEL)}${line}`.trimEnd());
  });
}

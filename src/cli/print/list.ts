/** Sessions in a list, one line each. */

import type { SessionState } from '../../core/session/metadata.ts';
import { idParts } from '../../core/session/session-id.ts';
import type { Listed } from '../../lifecycle/session/list-sessions.ts';
import type { Io, Style } from '../io.ts';
import { type Column, printColumns, widest } from './columns.ts';

export const STATE_STYLE: Record<SessionState, Style> = {
  active: 'green',
  review: 'cyan',
  sealed: 'yellow',
  closed: 'dim',
  abandoned: 'dim',
};

const styleOf = (cell: string): Style | null => STATE_STYLE[cell as SessionState] ?? null;

/** The time stamp (which names the session), state and topic, with a star at `here`; base from 80 columns on, the goal from 110. */
export function printSessions(io: Io, rows: readonly Listed[], here: string | null): void {
  const topicOf = ({ session }: Listed) => `${session.metadata.topic}${session.id === here ? ' *' : ''}`;
  const bases = rows.map(({ session }) => session.metadata.base);
  const columns: Column[] = [
    { width: 15, style: () => 'bold' },
    { width: 9, style: styleOf },
  ];
  const wide = io.width >= 110;
  if (io.width >= 80) columns.push({ width: widest(bases, 16) });
  columns.push({ width: wide ? widest(rows.map(topicOf), 40) : null });
  if (wide) columns.push({ width: null, style: () => 'dim' });
  const lines = rows.map((row) => {
    const { base, goal } = row.session.metadata;
    const cells = [idParts(row.session.id).stamp, row.state, ...(io.width >= 80 ? [base] : []), topicOf(row)];
    return wide ? [...cells, goal ?? ''] : cells;
  });
  printColumns(io, columns, lines, 0);
}

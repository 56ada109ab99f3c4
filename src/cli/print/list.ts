/** Sessions in a list, one line each. */

import type { SessionState } from '../../core/session/metadata.ts';
import { idParts } from '../../core/session/session-id.ts';
import { size, visible } from '../../core/text/text.ts';
import type { CheckoutFacts } from '../../lifecycle/session/checkout-facts.ts';
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

interface Around {
  /** Id of the session that is checked out here. */
  here: string | null;
  /** By top of the worktree. */
  checkouts: ReadonlyMap<string, CheckoutFacts>;
}

/**
 * The time stamp (which names the session), state and topic, with a star at `here`; base from 80 columns on, the goal from 110. Below it, what lies
 * in its checkout.
 */
export function printSessions(io: Io, rows: readonly Listed[], { here, checkouts }: Around): void {
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
  for (const row of rows) {
    const { base, goal } = row.session.metadata;
    const cells = [idParts(row.session.id).stamp, row.state, ...(io.width >= 80 ? [base] : []), topicOf(row)];
    printColumns(io, columns, [wide ? [...cells, goal ?? ''] : cells], 0);
    const { worktree } = row.session;
    if (worktree !== null) {
      const facts = inside(checkouts.get(worktree));
      io.say(io.paint('dim', `  ${facts}  ${io.terminal ? lastOf(worktree, io.width - facts.length - 4) : visible(worktree)}`));
    }
  }
}

/** The end of a path, which tells it from others. */
function lastOf(path: string, width: number): string {
  const letters = [...visible(path)];
  return letters.length <= width ? letters.join('') : `…${letters.slice(1 - Math.max(12, width)).join('')}`;
}

/** `3 changed, 1 untracked, 148 MB`. */
function inside(checkout: CheckoutFacts | undefined): string {
  if (!checkout) return 'its folder is gone';
  const { changed, untracked, disk } = checkout;
  const files = [changed > 0 ? `${changed} changed` : '', untracked > 0 ? `${untracked} untracked` : ''].filter(Boolean).join(', ');
  return `${files || 'nothing to commit'}, ${disk.whole ? '' : 'over '}${size(disk.bytes)}`;
}

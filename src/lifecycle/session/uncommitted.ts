/** What is uncommitted in a session's checkout, by what becomes of it. */

import type { AnyRecord } from '../../core/log/record.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { openEdits } from '../../core/session/open-edits.ts';
import { entriesAt } from '../../git/entries.ts';
import type { StatusRow } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import { isGenerated } from '../checkpoint/file-gate.ts';
import { dirtyAtStart, wasDirty } from '../start/dirty.ts';
import type { Uncommitted } from './next-step.ts';
import type { Session } from './session.ts';

/** As a sweep would take it: what was changed before the start counts as neither. */
export async function uncommittedOf(
  repo: Repo,
  session: Session,
  rows: readonly StatusRow[],
  records: readonly AnyRecord[],
): Promise<Uncommitted> {
  const early = dirtyAtStart(repo, session.id);
  const root = `${sessionPaths(session.id).root}/`;
  const mine = rows.filter(
    (row) => !row.submodule && !wasDirty(early, row.path) && !row.path.startsWith('.swarm/') && !isGenerated(row.path, session.id),
  );
  const free = mine.filter(({ staged }) => staged === '.' || staged === '?');
  const outside = free.filter(({ path }) => !path.startsWith(root)).map(({ path }) => path);
  const edits = outside.length > 0 ? openEdits(records, await entriesAt(repo, session.tip, outside)) : new Map();
  const swept = free.filter(({ path }) => path.startsWith(root) || edits.get(path)?.claimed).length;
  return { swept, others: mine.length - swept };
}

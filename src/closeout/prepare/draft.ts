/** The closeout's documents as they would be now, without checks: what `hooks session-end` leaves for people to read. */

import { inventoryOf } from '../../core/documents/inventory.ts';
import { metricsOf } from '../../core/documents/metrics.ts';
import { summaryOf } from '../../core/documents/summary.ts';
import { stateError } from '../../core/errors.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { fileJson } from '../../core/text/json.ts';
import { mergeBase } from '../../git/ancestry.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { sessionRecords } from '../../lifecycle/session/records.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { excludeDrafts } from '../../store/exclude.ts';
import { replaceFile } from '../../store/in-tree.ts';
import { readContent } from './facts.ts';

export interface Draft {
  /** Relative to the top of the tree. */
  path: string;
  content: string;
}

/** Summary and inventory, and metrics where they are asked for. Checks read "not recorded": none were run for this. */
export async function draftDocuments(repo: Repo, session: Session, options: { metrics: boolean }): Promise<Draft[]> {
  const left = await leftBase(repo, session);
  const { facts } = await readContent(repo, {
    session,
    mergeBase: left,
    landsOn: left,
    base: session.metadata.base,
    checks: [],
    closedAt: new Date().toISOString(),
  });
  const paths = sessionPaths(session.id);
  return [
    { path: paths.summary, content: summaryOf(facts) },
    ...(options.metrics ? [{ path: paths.metrics, content: fileJson(metricsOf(facts)) }] : []),
    { path: paths.inventory, content: fileJson(inventoryOf(facts)) },
  ];
}

/**
 * Puts drafts into a working tree, where they stay uncommitted, and in nobody's way, until the seal writes the final ones. Throws (exit 1)
 * where a link leads out of the tree.
 */
export function writeDrafts(repo: Repo, top: string, drafts: readonly Draft[]): void {
  excludeDrafts(repo.commonDir);
  for (const { path, content } of drafts) replaceFile(top, path, content);
}

/** Where the session left its base: the merge base where that branch is here, else the commit that it started from. */
export async function leftBase(repo: Repo, session: Session): Promise<string> {
  const base = await commitOf(repo, `refs/heads/${session.metadata.base}`);
  const fork = base ? await mergeBase(repo, base, session.tip) : null;
  if (fork) return fork;
  const { records } = await sessionRecords(repo, session);
  const started = records.find((record) => record.kind === 'session.started');
  if (started?.kind === 'session.started') return started.data.base_commit;
  throw stateError({ what: `The branch ${session.metadata.base}, from which the session started, is not in this clone.` });
}

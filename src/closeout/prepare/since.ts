/** What changed since the review that was sent back last. */

import type { Since } from '../../core/closeout/review.ts';
import { linesChanged } from '../../git/lines-changed.ts';
import { diffTrees } from '../../git/objects.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import type { SessionContent } from './facts.ts';

const STATUS = { A: 'added', M: 'modified', T: 'modified', D: 'deleted' } as const;

/**
 * Files that differ between what was prepared for that review and the tip, log and other private files left out; null where nothing was sent
 * back, or its commit is not here. It rests on records, which agents can write: it narrows the view and never what is approved.
 */
export async function changesSince(repo: Repo, session: Session, { records }: Pick<SessionContent, 'records'>): Promise<Since | null> {
  const rejected = records.findLastIndex(({ kind }) => kind === 'closeout.rejected');
  const prepared = records.slice(0, Math.max(0, rejected)).findLast(({ kind }) => kind === 'closeout.prepared');
  if (prepared?.kind !== 'closeout.prepared' || !/^[0-9a-f]{40,64}$/.test(prepared.data.tip)) return null;
  const commit = await commitOf(repo, prepared.data.tip);
  if (commit === null) return null;
  const [changes, lines] = await Promise.all([diffTrees(repo, commit, session.tip), linesChanged(repo, commit, session.tip)]);
  const files = changes
    .filter(({ path }) => !path.startsWith('.swarm/') && !/^sessions\/[^/]+\/[^/]+$/.test(path))
    .map(({ path, status }) => ({ path, status: STATUS[status], lines: lines.get(path) ?? null }));
  return { commit, at: prepared.at, files };
}

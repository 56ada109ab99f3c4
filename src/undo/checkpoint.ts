/** Taking a checkpoint back: the branch moves under its checkout, whose files stay as they are; the index knows them as it did before. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { sessionPaths } from '../core/session/metadata.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { copyIndexKnown } from '../git/committed-index.ts';
import { entriesAt, indexEntries } from '../git/entries.ts';
import { indexChanges } from '../git/index-file.ts';
import { diffTrees, readBlobBytes } from '../git/objects.ts';
import type { RefMove } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { deferAt, placeOf } from '../lifecycle/checkpoint/defer.ts';
import { openMove } from '../lifecycle/checkpoint/move.ts';
import { isReached } from '../store/in-tree.ts';

const PATIENCE_MS = 10_000;

/** The caller holds the drain lock. Throws (exit 1) where the branch or its checkout is busy; nothing has moved then. */
export async function moveUnderCheckout(repo: Repo, id: SessionId, { ref, from, to }: RefMove): Promise<void> {
  const place = await placeOf(repo, ref);
  if (!place || place.tip !== from || to === null) throw busy('the branch has moved');
  const reason = () => deferAt(repo, place, []);
  const why = await reason();
  if (why) throw busy(why);
  const paths = (await diffTrees(repo, from, to)).map((change) => change.path);
  const [before, after] = await Promise.all([entriesAt(repo, from, paths), entriesAt(repo, to, paths)]);
  const changes = paths.map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }));
  const log = changes.filter(({ path }) => path.startsWith(`${sessionPaths(id).log}/`));
  const logs = await Promise.all(
    log.map(async ({ path, before: was, after: will }) => ({
      path,
      content: will ? await readBlobBytes(repo, will.oid) : Buffer.alloc(0),
      before: was?.oid ?? null,
      keeps: 0,
    })),
  );
  const move = await openMove(repo, place, null, reason);
  if (!move) throw busy('another git process holds index.lock');
  try {
    const index = place.at ? await indexEntries(place.at, paths) : null;
    // What somebody has staged since stays staged.
    const own = changes.filter((change) => index === null || index.get(change.path)?.oid === change.before?.oid);
    const plan = {
      changes: own,
      isAct: false,
      logs: logs.filter(({ path }) => after.get(path)),
      make: async () => ({ to, results: [] }),
      index: (at: Repo, side: string) => copyIndexKnown(at, side, indexChanges(own)),
    };
    const result = await move.carryOut(plan, Date.now() + PATIENCE_MS);
    if (typeof result === 'string' || 'deferred' in result) {
      throw busy(typeof result === 'object' ? result.deferred : 'the branch or its index has moved meanwhile');
    }
  } finally {
    move.close();
  }
  if (place.at) for (const { path, before: was, after: will } of log) if (was && !will) await dropFile(repo, place.at.top, path, was.oid);
}

/** A log file that the branch does not hold any more, where nobody has changed it. */
async function dropFile(repo: Repo, top: string, path: string, oid: string): Promise<void> {
  const full = join(top, path);
  if (isReached(top, path) && existsSync(full) && readFileSync(full).equals(await readBlobBytes(repo, oid))) rmSync(full);
}

function busy(why: string) {
  return stateError({
    what: 'The checkpoint cannot be taken back now; nothing was changed.',
    why,
    next: 'Run the same command again once that is over.',
  });
}

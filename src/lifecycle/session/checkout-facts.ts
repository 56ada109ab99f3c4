/** What lies in the checkouts of sessions: uncommitted files, and the room they take. Reads only. */

import { existsSync } from 'node:fs';
import { readStatus } from '../../git/porcelain.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { type DiskUse, diskUse } from '../../store/disk-use.ts';
import { inParallel } from '../in-parallel.ts';

export interface CheckoutFacts {
  /** Tracked files that differ from the last commit, staged or not. */
  changed: number;
  untracked: number;
  disk: DiskUse;
}

/** So long all checkouts together are measured, unless the whole is wanted: a folder of packages may hold a million files. */
const PATIENCE_MS = 500;

/** By top; a checkout whose folder is gone has none. `whole`: measure to the end, however long that takes. */
export async function checkoutFacts(repo: Repo, tops: readonly string[], whole: boolean): Promise<Map<string, CheckoutFacts>> {
  const there = tops.filter((top) => existsSync(top));
  const statuses = await inParallel(there, (top) => readStatus(repoAt(repo, top)));
  const disks = diskUse(there, whole ? Number.POSITIVE_INFINITY : Date.now() + PATIENCE_MS);
  return new Map(
    there.map((top, i) => {
      const rows = statuses[i] ?? [];
      const untracked = rows.filter(({ staged }) => staged === '?').length;
      return [top, { changed: rows.length - untracked, untracked, disk: disks[i] ?? { bytes: 0, whole: false } }];
    }),
  );
}

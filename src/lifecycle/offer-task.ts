/** Offers approved patterns to a task: from the cache with one process of git, where nothing that decided has changed. Hot path: no npm package. */

import { isPattern } from '../core/memory-key.ts';
import { sessionPaths } from '../core/metadata.ts';
import { bareOffer, type Offer } from '../core/pattern-offer.ts';
import { bestFitting, OFFERED, tellingStems } from '../core/pattern-rank.ts';
import { type AnyRecord, TOOL } from '../core/record.ts';
import { lookUpMany } from '../git/lean.ts';
import { keptFitIndex } from '../store/fit-cache.ts';
import { appendRecord } from '../store/journal.ts';
import { type OfferCache, type OfferedPattern, readOffers, stampOf } from '../store/offer-cache.ts';
import { existingWriterId } from '../store/writer.ts';
import type { Here } from './here.ts';

/**
 * The approved patterns of other sessions that fit the words, each recorded as offered to the task. A session whose signature takes a process
 * to check offers nothing here: `start` and the memory commands check it. `journal`: the session's own records.
 */
export async function offerToTask(here: Here, words: string, task: string, journal: readonly AnyRecord[]): Promise<Offer[]> {
  if (tellingStems(words).length === 0) return [];
  const patterns = (await cachedOffer(here, words, journal)) ?? (await (await import('./offer-fresh.ts')).freshOffer(here, words));
  for (const { id } of patterns)
    appendRecord(here.place.commonDir, here.id, { kind: 'pattern.offered', actor: TOOL, data: { pattern: id, to: task } });
  return patterns.map(bareOffer);
}

/** The offer from the cache; null where the cache does not hold what git holds now, or where this session changed what it learned from others. */
async function cachedOffer(here: Here, words: string, journal: readonly AnyRecord[]): Promise<Offer[] | null> {
  const cache = readOffers(here.place.commonDir);
  if (!cache || cache.stamp !== stampOf(here.place.commonDir) || !isCurrent(here, cache)) return null;
  const own = new Set(journal.flatMap((record) => ('namespace' in record.data && isPattern(record.data) ? [record.data.key] : [])));
  if (own.size > 0 && cache.patterns.some((pattern) => own.has(pattern.key))) return null;
  const { patterns } = cache;
  const index = keptFitIndex(
    here.place.commonDir,
    patterns.map(({ record }) => record),
  );
  if (!index) return null;
  const now = Date.now();
  const may = ({ session, expires_at }: OfferedPattern) => session !== here.id && (expires_at === null || expires_at > now);
  const fits = bestFitting(words, patterns, index, { limit: OFFERED, now, may });
  // The cache only finds them: what is offered is what approvers signed, read from git.
  return fits.length === 0 ? fits : await (await import('./offer-proof.ts')).provenPatterns(here, cache, fits);
}

/** Whether refs and log folders are as they were; false also where another clone has written to this session. */
function isCurrent(here: Here, cache: OfferCache): boolean {
  const logs = logFolder(here);
  const names = cache.refs.map(([name]) => name);
  const found = lookUpMany(here.place, names, [logs, `${logs}/${here.id}`]);
  const [all, own] = found?.folders ?? [];
  if (!found || !all || !own) return false;
  const mine = existingWriterId(here.place.commonDir);
  return (
    cache.refs.every(([, oid], i) => found.oids[i] === oid) &&
    cache.logs.every(([id, tree]) => all.get(id) === tree) &&
    otherFolders(all, here.id) === cache.folders &&
    [...own.keys()].every((name) => name.split('.')[0] === mine)
  );
}

/** How many other sessions have a log folder. */
export function otherFolders(folders: ReadonlyMap<string, string>, id: string): number {
  return folders.size - (folders.has(id) ? 1 : 0);
}

/** The folder of all logs at the session's tip, as git names it. */
export function logFolder(here: Here): string {
  return `${here.tip}:${sessionPaths(here.id).log.split('/').slice(0, -1).join('/')}`;
}

/** Offers approved patterns to a task: from the cache with one process of git, where nothing that decided has changed. Hot path: no npm package. */

import { LEARNED_NAMESPACE } from '../core/memory-key.ts';
import { sessionPaths } from '../core/metadata.ts';
import { fitting, tellingTerms } from '../core/pattern.ts';
import { type AnyRecord, TOOL } from '../core/record.ts';
import { termsOf } from '../core/search.ts';
import { lookUpMany } from '../git/lean.ts';
import { appendRecord } from '../store/journal.ts';
import { type OfferCache, type OfferedPattern, readOffers, stampOf } from '../store/offer-cache.ts';
import { existingWriterId } from '../store/writer.ts';
import type { Here } from './here.ts';

/** So many patterns are offered to a task at most. */
const OFFERED = 3;

export type Offer = Omit<OfferedPattern, 'text' | 'expires_at'>;

/**
 * The approved patterns of other sessions that fit the words, each recorded as offered to the task. A session whose signature takes a process
 * to check offers nothing here: `start` and the memory commands check it. `journal`: the session's own records.
 */
export async function offerToTask(here: Here, words: string, task: string, journal: readonly AnyRecord[]): Promise<Offer[]> {
  const terms = tellingTerms(termsOf(words));
  if (terms.length === 0) return [];
  const patterns = (await cachedOffer(here, terms, journal)) ?? (await (await import('./offer-fresh.ts')).freshOffer(here, terms, OFFERED));
  for (const { id } of patterns)
    appendRecord(here.place.commonDir, here.id, { kind: 'pattern.offered', actor: TOOL, data: { pattern: id, to: task } });
  return patterns;
}

/** The offer from the cache; null where the cache does not hold what git holds now, or where this session changed what it learned from others. */
async function cachedOffer(here: Here, terms: readonly string[], journal: readonly AnyRecord[]): Promise<Offer[] | null> {
  const cache = readOffers(here.place.commonDir);
  if (!cache || cache.stamp !== stampOf(here.place.commonDir) || !isCurrent(here, cache)) return null;
  const own = new Set(journal.flatMap((record) => ('namespace' in record.data && isLearned(record.data) ? [record.data.key] : [])));
  if (own.size > 0 && cache.patterns.some((pattern) => own.has(pattern.key))) return null;
  const now = Date.now();
  const live = cache.patterns.filter(({ session, expires_at }) => session !== here.id && (expires_at === null || expires_at > now));
  const fits = fitting(live, (pattern) => pattern.text, terms, OFFERED);
  // The cache only finds them: what is offered is what approvers signed, read from git.
  return fits.length === 0 ? fits : await (await import('./offer-proof.ts')).provenPatterns(here, cache, fits);
}

const isLearned = (place: { namespace: string; key: string }) => place.namespace === LEARNED_NAMESPACE && place.key.startsWith('pattern/');

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

/** Offers approved patterns to a task: found by the cache and proven with one process of git, where nothing that decided has changed. Hot path: no npm package. */

import { type AnyRecord, type RecordDraft, TOOL } from '../../core/log/record.ts';
import { isPattern } from '../../core/memory/key.ts';
import { bareOffer, type Offer } from '../../core/pattern/offer.ts';
import { bestFitting, isTellingText, OFFERED } from '../../core/pattern/rank.ts';
import { keptFitIndex } from '../../store/fit-cache.ts';
import { appendRecords } from '../../store/journal.ts';
import { type OfferedPattern, type RankedPattern, readOffers, stampOf } from '../../store/offer-cache.ts';
import type { Here } from '../session/here.ts';
import { provenOffer } from './offer-proof.ts';

/**
 * The approved patterns of other sessions that fit the words, each recorded as offered to the task. A session whose signature takes a process
 * to check offers nothing here: `start` and the memory commands check it. `journal`: the session's own records.
 */
export async function offerToTask(here: Here, words: string, task: string, journal: readonly AnyRecord[]): Promise<Offer[]> {
  if (!isTellingText(words)) return [];
  // What this session replaced or deleted, it is not told again.
  const own = new Set(journal.flatMap((record) => ('namespace' in record.data && isPattern(record.data) ? [record.data.key] : [])));
  const now = Date.now();
  const may = ({ key, expires_at }: RankedPattern) => !own.has(key) && (expires_at === null || expires_at > now);
  const patterns = cachedOffer(here, words, may) ?? (await (await import('./offer-fresh.ts')).freshOffer(here, words, may));
  const offered = patterns.map(({ id }): RecordDraft => ({ kind: 'pattern.offered', actor: TOOL, data: { pattern: id, to: task } }));
  appendRecords(here.place.commonDir, here.id, offered);
  return patterns.map(bareOffer);
}

/** The offer from the cache; null where it does not hold what git holds now, or what it found is not proven as it says. */
function cachedOffer(here: Here, words: string, may: (pattern: RankedPattern) => boolean): OfferedPattern[] | null {
  const { commonDir } = here.place;
  const cache = readOffers(commonDir);
  if (cache?.stamp !== stampOf(commonDir)) return null;
  const index = keptFitIndex(commonDir, cache.bank);
  if (!index) return null;
  const fits = bestFitting(words, cache.pattern, index, { limit: OFFERED, now: Date.now(), may });
  return provenOffer(here, cache, fits);
}

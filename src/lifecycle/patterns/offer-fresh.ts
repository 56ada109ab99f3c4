/** The patterns that may be offered, found anew, and kept for the next task. */

import { OFFERED } from '../../core/pattern/rank.ts';
import type { OfferedPattern } from '../../store/offer-cache.ts';
import { Prover } from '../memory/prover.ts';
import type { Here } from '../session/here.ts';
import { FoundPatterns } from './found.ts';
import { patternIndex } from './index.ts';
import { offeredPattern } from './known.ts';
import { keepOffers } from './offer-current.ts';

/** The patterns that fit, best first. What takes a process for each signature is left alone. Leaves the cache for `offerToTask`. */
export async function freshOffer(here: Here, words: string, may: (pattern: OfferedPattern) => boolean): Promise<OfferedPattern[]> {
  const { place, tip, id, policy } = here;
  const prover = new Prover(place, tip, { except: id, quick: true });
  const found = new FoundPatterns(place, prover, policy);
  const index = (patterns: Parameters<typeof patternIndex>[1]) => patternIndex(place.commonDir, patterns);
  const best = await found.best({ words, limit: OFFERED, index, may });
  const patterns = (await found.all()).map(offeredPattern);
  keepOffers(here, patterns, prover);
  return best;
}

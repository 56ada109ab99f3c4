/** Proves what the cache of offers found, with one process of git. Hot path: no npm package. */

import { landedText } from '../../core/memory/landed-text.ts';
import type { OfferCache, OfferedPattern } from '../../store/offer-cache.ts';
import { quickLogs } from '../../trust/quick-proof.ts';
import type { Here } from '../session/here.ts';
import { patternRecords } from './found.ts';
import { type KnownPattern, knownPatterns, offeredPattern } from './known.ts';
import type { TreesOf } from './offer-current.ts';

/** The patterns as the approved logs say them; null where one of them, or a session that its figures rest on, cannot be proven here. */
export function provenOffer(
  here: Here,
  logs: OfferCache['logs'],
  treesOf: TreesOf,
  fits: readonly OfferedPattern[],
): OfferedPattern[] | null {
  const ids = new Set<string>(fits.flatMap(({ session, counted }) => [session, ...counted]));
  const trees = treesOf(ids);
  const wanted = logs.flatMap(([id, tree, files]) => (ids.has(id) && trees.get(id) === tree ? [{ id, tree, files }] : []));
  const proven = wanted.length === ids.size ? quickLogs(here.place, wanted) : [];
  if (proven.length !== ids.size) return null;
  const texts = proven.map(({ id, files }) => ({ id, text: landedText(files.map(({ bytes }) => bytes.toString('utf8'))) }));
  const naming = (names: readonly string[]): KnownPattern[] => {
    const records = texts.flatMap(({ id, text }) => patternRecords(id, text, here.policy, names));
    const known = knownPatterns(proven, records, []);
    return fits.flatMap((fit) => known.find(({ record, key }) => record === fit.record && key === fit.key) ?? []);
  };
  // Of a log that holds a thousand patterns, only the lines that name these few.
  const names = fits.flatMap(({ id, key }) => [id, key]);
  const first = naming(names);
  const merged = first.flatMap(({ merged_from }) => merged_from);
  const known = merged.length === 0 ? first : naming([...names, ...merged]);
  return known.length === fits.length ? known.map(offeredPattern) : null;
}

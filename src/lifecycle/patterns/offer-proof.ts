/** Proves what the cache of offers found, and that it holds what git holds now, with one process of git. Hot path: no npm package. */

import { linesNaming } from '../../core/log/lines-naming.ts';
import { landedText } from '../../core/memory/landed-text.ts';
import { readNamed } from '../../git/lean.ts';
import { keepLogs } from '../../store/log-bytes.ts';
import type { OfferCache, OfferedPattern, RankedPattern } from '../../store/offer-cache.ts';
import type { ApprovedLog } from '../../trust/approved.ts';
import { quickProof } from '../../trust/quick-proof.ts';
import type { Here } from '../session/here.ts';
import { patternRecords } from './found.ts';
import { type KnownPattern, knownPatterns, offeredPattern } from './known.ts';
import { stateNow } from './offer-current.ts';

/** Lines that name no pattern and count for each: how a session went and ended. */
const BESIDE = ['"closeout.', '"session.'];

/**
 * The patterns as the approved logs say them. Null where the cache does not hold what git holds now, or where one of them, or a session that
 * its figures rest on, cannot be proven here.
 */
export function provenOffer(here: Here, cache: OfferCache, fits: readonly RankedPattern[]): OfferedPattern[] | null {
  const ids = [...new Set<string>(fits.flatMap(({ session, counted }) => [session, ...counted]))];
  const logs = ids.flatMap((id) => cache.log(id) ?? []);
  const proof = quickProof(here.place, logs);
  const { names, state } = stateNow(here);
  const at = readNamed(here.place, [...names, ...(proof?.names ?? [])]);
  const now = at && state(at);
  if (!now || now.stamp !== cache.stamp || now.refs !== cache.refs || now.others !== cache.others) return null;
  if (fits.length === 0) return [];
  if (!proof || logs.length !== ids.length || logs.some(({ id, tree }) => now.treeOf(id) !== tree)) return null;
  const proven = proof.proven(at);
  keepLogs(
    here.place.commonDir,
    proven.flatMap(({ files }) => files),
  );
  return proven.length === ids.length ? asApproved(here, proven, fits) : null;
}

function asApproved(here: Here, proven: readonly ApprovedLog[], fits: readonly RankedPattern[]): OfferedPattern[] | null {
  const naming = (names: readonly string[]): KnownPattern[] => {
    // Of a log that holds a thousand patterns, only the lines that name these few.
    const records = proven.flatMap(({ id, files }) => {
      const text = landedText(files.map(({ bytes }) => linesNaming(bytes, names, BESIDE)));
      return patternRecords(id, text, here.policy, names);
    });
    const known = knownPatterns(proven, records, []);
    return fits.flatMap((fit) => known.find(({ record, key }) => record === fit.record && key === fit.key) ?? []);
  };
  const names = fits.flatMap(({ id, key }) => [id, key]);
  const first = naming(names);
  const merged = first.flatMap(({ merged_from }) => merged_from);
  const known = merged.length === 0 ? first : naming([...names, ...merged]);
  return known.length === fits.length ? known.map(offeredPattern) : null;
}

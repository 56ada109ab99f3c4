/** The patterns that may be offered, read from git and the judged approvals, and kept for the next task. */

import { foldMemory } from '../core/memory.ts';
import type { Offer } from '../core/pattern-offer.ts';
import { bestFitting, OFFERED } from '../core/pattern-rank.ts';
import { refIds } from '../git/ids.ts';
import { lookUpMany } from '../git/lean.ts';
import { openRepo } from '../git/repo.ts';
import { type OfferedPattern, stampOf, writeOffers } from '../store/offer-cache.ts';
import { policyPlaces, policyRefs } from '../trust/policy-branch.ts';
import { effectivePolicy } from '../trust/policy-chain.ts';
import { readBank } from './bank.ts';
import type { Here } from './here.ts';
import { offeredPattern } from './offer.ts';
import { logFolder, otherFolders } from './offer-task.ts';
import { patternIndex } from './pattern-index.ts';
import { sessionRecords } from './records.ts';

/** The patterns that fit, best first. Approvals that were not judged before are left alone. Leaves the cache for `offerToTask`. */
export async function freshOffer(here: Here, words: string): Promise<Offer[]> {
  const repo = await openRepo(here.place.top);
  const refs = policyRefs(await policyPlaces(repo));
  const seen = lookUpMany(here.place, [here.tip, ...refs], [logFolder(here)]);
  const tip = seen?.oids[0] ?? here.tip;
  const effective = await effectivePolicy(repo, { fresh: true });
  const { patterns, records, logs } = await readBank(repo, { commit: tip, except: here.id }, { quick: true, effective });
  const all = patterns.map(offeredPattern);
  const folders = seen?.folders[0];
  if (seen && folders) {
    const ids = new Set<string>(all.flatMap(({ session, counted }) => [session, ...counted]));
    const tags = new Map((await refIds(repo, 'refs/tags/backup/')).map(({ ref, oid }) => [oid, ref]));
    const used = logs.filter((log) => ids.has(log.id));
    writeOffers(repo.commonDir, {
      refs: [
        ...refs.map((ref, i): [string, string | null] => [ref, seen.oids[i + 1] ?? null]),
        ...used.flatMap(({ tag }): [string, string | null][] => (tag === null ? [] : [[tags.get(tag) ?? tag, tag]])),
      ],
      sources: effective.sources,
      policyRef: effective.ref,
      logs: used.map(({ id, tag, files }) => [id, folders.get(id) ?? '', tag, files.map(({ path }) => path)]),
      folders: otherFolders(folders, here.id),
      stamp: stampOf(repo.commonDir),
      patterns: all,
    });
  }
  // What this session replaced or deleted of it, it is not told again.
  const own = await sessionRecords(repo, { id: here.id, tip });
  const live = new Set(foldMemory([...records, ...own.records], Date.now()).map((entry) => entry.record));
  const may = ({ record }: OfferedPattern) => live.has(record);
  return bestFitting(words, all, patternIndex(repo.commonDir, patterns), { limit: OFFERED, now: Date.now(), may });
}

/** The patterns that may be offered, read from git and the judged approvals, and kept for the next task. */

import { foldMemory, type MemoryEntry } from '../core/memory.ts';
import { fitting, patternText, readPattern } from '../core/pattern.ts';
import { refIds } from '../git/ids.ts';
import { lookUpMany } from '../git/lean.ts';
import { openRepo } from '../git/repo.ts';
import { type OfferedPattern, stampOf, writeOffers } from '../store/offer-cache.ts';
import { approvedLogs } from '../trust/approved.ts';
import { policyRefs } from '../trust/policy-branch.ts';
import { effectivePolicy } from '../trust/policy-chain.ts';
import type { Here } from './here.ts';
import { recordsOf } from './memory.ts';
import { logFolder, type Offer, otherFolders } from './offer-task.ts';
import { sessionRecords } from './records.ts';

/** The patterns that fit, best first. Approvals that were not judged before are left alone. Leaves the cache for `offerToTask`. */
export async function freshOffer(here: Here, terms: readonly string[], limit: number): Promise<Offer[]> {
  const repo = await openRepo(here.place.top);
  const refs = await policyRefs(repo);
  const seen = lookUpMany(here.place, [here.tip, ...refs], [logFolder(here)]);
  const tip = seen?.oids[0] ?? here.tip;
  const effective = await effectivePolicy(repo, { fresh: true });
  const logs = await approvedLogs(repo, tip, { quick: true, effective, except: here.id });
  const approved = await recordsOf(repo, logs);
  const all = patternsOf(foldMemory(approved, Date.now()));
  const folders = seen?.folders[0];
  if (seen && folders) {
    const ids = new Set(all.map((pattern) => pattern.session));
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
  const own = await sessionRecords(repo, { id: here.id, tip });
  const learned = foldMemory([...approved, ...own.records], Date.now()).filter((entry) => entry.session !== here.id);
  return fitting(patternsOf(learned), (pattern) => pattern.text, terms, limit);
}

function patternsOf(entries: readonly MemoryEntry[]): OfferedPattern[] {
  return entries.flatMap((entry) => {
    const pattern = readPattern(entry);
    if (!pattern) return [];
    const { id, key, title, kind, approach, session } = pattern;
    return [{ id, key, title, kind, approach, session, expires_at: entry.expires_at, text: patternText(pattern) }];
  });
}

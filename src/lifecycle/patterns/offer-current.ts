/** Whether the cache of offers holds what git holds now, and keeping it. Hot path: no npm package. */

import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { type LeanObject, parseTree, readObjects } from '../../git/lean.ts';
import { type OfferCache, type OfferedPattern, stampOf, writeOffers } from '../../store/offer-cache.ts';
import { existingWriterId } from '../../store/writer.ts';
import { pinnedPolicy } from '../../trust/quick-proof.ts';
import type { Prover } from '../memory/prover.ts';
import type { Here } from '../session/here.ts';

/** The trees of these sessions' log folders. */
export type TreesOf = (sessions: ReadonlySet<string>) => ReadonlyMap<string, string>;

/** What tells the trees of log folders, where these and everything else that decided are as they were; else null, also where another clone has written to this session. */
export function currentTrees(here: Here, cache: OfferCache): TreesOf | null {
  const now = stateOf(here);
  if (!now || now.stamp !== cache.stamp || now.others !== cache.others) return null;
  const mine = existingWriterId(here.place.commonDir);
  return now.own.every((name) => name.split('.')[0] === mine) ? now.trees : null;
}

/** Keeps what was found for the next task. */
export function keepOffers(here: Here, patterns: readonly OfferedPattern[], prover: Prover): void {
  const now = stateOf(here);
  if (!now) return;
  const ids = new Set(patterns.flatMap(({ session, counted }) => [session as SessionId, ...counted]));
  const logs = [...ids].flatMap((id): OfferCache['logs'] => {
    const part = prover.found(id);
    return part ? [[id, part.tree, part.files]] : [];
  });
  writeOffers(here.place.commonDir, { stamp: now.stamp, others: now.others, logs, patterns: [...patterns] });
}

/** What decides, by one process of git: the clone's own files, the refs that policy is read from, and the log folders of other sessions. */
function stateOf(here: Here) {
  const { place, id, tip } = here;
  const folder = `${tip}:${sessionPaths(id).log.split('/').slice(0, -1).join('/')}`;
  const refs = pinnedPolicy(place)?.refs ?? [];
  const [all, own, ...held] = readObjects(place, [folder, `${folder}/${id}`, ...refs]) ?? [];
  if (all?.type !== 'tree' || own?.type !== 'tree') return null;
  const stamp = [stampOf(place.commonDir), ...refs.map((ref, i) => `${ref} ${held[i]?.oid ?? '-'}`)].join('\n');
  const rows = (tree: LeanObject, wanted?: ReadonlySet<string>) => parseTree(tree.body, tree.oid.length / 2, wanted);
  const trees: TreesOf = (wanted) => rows(all, wanted);
  return { stamp, others: digestWithout(all, id), own: [...rows(own).keys()], trees };
}

/** Of the rows of a tree but that of one folder, which changes with each checkpoint. */
function digestWithout({ body, oid }: LeanObject, folder: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const row = Buffer.from(`40000 ${folder}\0`);
  const at = body.indexOf(row);
  const rest = at < 0 ? [body] : [body.subarray(0, at), body.subarray(at + row.length + oid.length / 2)];
  const hash = createHash('sha256');
  for (const part of rest) hash.update(part);
  return hash.digest('hex');
}

/** What the cache of offers was read from, as git and this clone's files hold it now. Hot path: no npm package. */

import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { folderIn, type LeanObject, readNamed } from '../../git/lean.ts';
import { type OfferedLog, type OfferedPattern, type OfferState, stampOf, writeOffers } from '../../store/offer-cache.ts';
import { pinnedPolicy } from '../../trust/quick-proof.ts';
import type { Prover } from '../memory/prover.ts';
import type { Here } from '../session/here.ts';

/** What has to be read to tell the state, and the state from it; null where there is no log. */
export interface StateNow {
  names: string[];
  state(at: (name: string) => LeanObject | null): (OfferState & { treeOf(session: string): string | null }) | null;
}

/** What decides on offers: the clone's own files, the refs that policy is read from, and the log folders of other sessions. */
export function stateNow({ place, id, tip }: Here): StateNow {
  const folder = `${tip}:${sessionPaths(id).log.split('/').slice(0, -1).join('/')}`;
  const refs = pinnedPolicy(place)?.refs ?? [];
  return {
    names: [folder, ...refs],
    state: (at) => {
      const logs = at(folder);
      if (logs?.type !== 'tree') return null;
      return {
        stamp: stampOf(place.commonDir),
        refs: refs.map((ref) => `${ref} ${at(ref)?.oid ?? '-'}`).join(', '),
        others: digestWithout(logs, id),
        treeOf: (session) => folderIn(logs, session),
      };
    },
  };
}

/** Keeps what was found for the next task. */
export function keepOffers(here: Here, patterns: readonly OfferedPattern[], prover: Prover): void {
  const { names, state } = stateNow(here);
  const at = readNamed(here.place, names);
  const now = at && state(at);
  if (!now) return;
  const { stamp, refs, others } = now;
  const ids = new Set(patterns.flatMap(({ session, counted }) => [session as SessionId, ...counted]));
  const logs = [...ids].flatMap((id): OfferedLog[] => {
    const part = prover.found(id);
    return part ? [{ id, tree: part.tree, files: part.files }] : [];
  });
  writeOffers(here.place.commonDir, { stamp, refs, others }, { logs, patterns });
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

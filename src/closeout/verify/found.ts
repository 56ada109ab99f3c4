/** Where sessions came to which branches. */

import type { SessionId } from '../../core/session/session-id.ts';
import { type BackupTag, type Landing, listArrivals } from '../landed/landings.ts';
import type { Audit, AuditedBase } from './audit.ts';

export interface FoundLanding {
  landing: Landing;
  base: AuditedBase;
}

/** Every arrival on branches (short names), by session, in the order of the branches; of one session where `only` names it. */
export async function findArrivals(
  audit: Audit,
  branches: Iterable<string>,
  tags: BackupTag[],
  only?: SessionId,
): Promise<{ bases: AuditedBase[]; arrivals: Map<SessionId, FoundLanding[]> }> {
  const bases: AuditedBase[] = [];
  const arrivals = new Map<SessionId, FoundLanding[]>();
  for (const branch of new Set(branches)) {
    for (const base of await audit.bases(branch)) {
      bases.push(base);
      for (const landing of await listArrivals(audit.repo, base.tip, tags, only)) {
        const found = arrivals.get(landing.id);
        if (found) found.push({ landing, base });
        else arrivals.set(landing.id, [{ landing, base }]);
      }
    }
  }
  return { bases, arrivals };
}

/** The arrival that an approval for a branch is about: of its own seal before any, on its own branch before another. */
export function bestOf(found: readonly FoundLanding[], branch: string | null): FoundLanding | null {
  const rank = ({ landing, base }: FoundLanding) => (landing.tag ? 0 : 2) + (base.branch === branch ? 0 : 1);
  return [...found].sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

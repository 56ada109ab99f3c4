/** Which landings are verified without a new audit of their content. What a file says only decides at which of them to look. */

import { SessionError } from '../../core/errors.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { verdictOf } from '../../core/verify/finding.ts';
import type { Repo } from '../../git/run.ts';
import { verdictCache } from '../../store/verdicts.ts';
import { backupTags, type Landing } from '../landed/landings.ts';
import { openAudit } from './audit.ts';
import { findArrivals } from './found.ts';
import { sealedParts } from './session.ts';
import { isHinted } from './verdict-hint.ts';

/**
 * The sessions among these landings whose sealed part an earlier audit on this machine verified and whose signatures hold now; none where
 * nothing can be audited (a shallow clone, another policy root).
 */
export async function rememberedVerdicts(repo: Repo, landings: readonly Landing[]): Promise<Set<SessionId>> {
  const cache = verdictCache(repo.commonDir, 'verify');
  const hinted = landings.filter(({ tag, commit }) => tag && isHinted(cache, tag, commit));
  if (hinted.length === 0) return new Set();
  try {
    const audit = await openAudit(repo);
    const tags = await backupTags(audit.repo);
    const branches = [audit.policy.branch, ...hinted.flatMap(({ metadata }) => metadata?.base ?? [])];
    const { arrivals } = await findArrivals(audit, branches, tags);
    const subjects = hinted.map(({ id }) => ({
      id,
      tags: tags.filter((tag) => tag.id === id),
      arrivals: arrivals.get(id) ?? [],
      approvals: [],
    }));
    const parts = await sealedParts({ audit, cache }, subjects);
    const verified = hinted.filter(({ commit, tag }, i) => {
      const judged = parts[i];
      const isThis = judged?.found?.landing.commit === commit && judged.tag?.oid === tag?.oid;
      return isThis && judged.part.approval !== null && verdictOf([...judged.findings, ...judged.part.findings]) === 'verified';
    });
    return new Set(verified.map(({ id }) => id));
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return new Set();
  }
}

/** Auditing landed sessions from the repository alone: offline, in a fresh clone, without private state. */

import type { SessionId } from '../../core/session/session-id.ts';
import type { Repo } from '../../git/run.ts';
import { verdictCache } from '../../store/verdicts.ts';
import { backupTags } from '../landed/landings.ts';
import { approvalTags } from './approvals.ts';
import { type Audit, type AuditOptions, openAudit } from './audit.ts';
import { baseFiles } from './base-files.ts';
import { findArrivals } from './found.ts';
import type { VerifyReport } from './report.ts';
import { judgeSessions } from './session.ts';
import { readTag } from './tags.ts';

export { type AllReport, verifyAll } from './all.ts';
export type { AuditOptions } from './audit.ts';
export type { VerifyReport } from './report.ts';

/**
 * The audit of one session. Throws (exit 1) in a shallow clone, and (exit 4) where the policy root is not the pinned or stated one;
 * every other fault is a finding of the report.
 */
export async function verifySession(repo: Repo, id: SessionId, options: AuditOptions = {}): Promise<VerifyReport> {
  return verifyOne(await openAudit(repo, options), id);
}

/** As verifySession, in an audit that is open. Believes no earlier audit, and leaves what it found about content for others. */
export async function verifyOne(audit: Audit, id: SessionId): Promise<VerifyReport> {
  const cache = verdictCache(audit.repo.commonDir, 'verify', { blind: true });
  const tags = await backupTags(audit.repo, id);
  const read = tags[0] ? await readTag(audit.repo, id, tags[0]) : null;
  const branches = [...(read?.manifest ? [read.manifest.base_branch] : []), audit.policy.branch];
  const { arrivals } = await findArrivals(audit, branches, tags, id);
  const [report] = await judgeSessions({ audit, cache, files: (base) => baseFiles(audit.repo, base, id) }, [
    { id, tags, arrivals: arrivals.get(id) ?? [], approvals: await approvalTags(audit.repo, id) },
  ]);
  cache.save();
  return report as VerifyReport;
}

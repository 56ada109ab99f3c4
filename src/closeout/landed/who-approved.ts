/** Who approved a landing, and whether that holds. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { SessionError } from '../../core/errors.ts';
import type { Verdict } from '../../core/verify/finding.ts';
import type { Repo } from '../../git/run.ts';
import { verifySession } from '../verify/index.ts';
import { rememberedVerdicts } from '../verify/remembered.ts';
import { readTag } from '../verify/tags.ts';
import type { Landing } from './landings.ts';

export interface WhoApproved {
  /** As the tag says; null without one. */
  approver: string | null;
  presence: Manifest['presence'] | null;
  verdict: Verdict | 'not checked' | 'no approval';
}

/** With `check` the session is verified; otherwise an earlier verdict of this machine is told. Where nothing can be verified (a shallow clone, say) it is "not checked". */
export async function whoApproved(repo: Repo, landing: Landing, check: boolean): Promise<WhoApproved> {
  const { id, tag } = landing;
  if (!tag) return { approver: null, presence: null, verdict: 'no approval' };
  const { manifest } = await readTag(repo, id, tag);
  const said = { approver: manifest?.approver.principal ?? null, presence: manifest?.presence ?? null };
  if ((await rememberedVerdicts(repo, [landing])).has(id)) return { ...said, verdict: 'verified' };
  if (!check) return { ...said, verdict: 'not checked' };
  try {
    return { ...said, verdict: (await verifySession(repo, id)).verdict };
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return { ...said, verdict: 'not checked' };
  }
}

/** Offers what other sessions learned, and records what was offered to whom. */

import type { Pattern } from '../core/pattern.ts';
import { TOOL } from '../core/record.ts';
import type { Repo } from '../git/run.ts';
import { appendRecord } from '../store/journal.ts';
import type { EffectivePolicy } from '../trust/policy-chain.ts';
import { offerPatterns } from './memory.ts';
import type { Session } from './session.ts';

/** The approved patterns that fit the words, each recorded as offered to `to` (a task, or `start`). `effective`: the policy, where it is at hand. */
export async function offer(
  repo: Repo,
  session: Pick<Session, 'id' | 'tip'>,
  words: string,
  to: string,
  effective: EffectivePolicy | null = null,
): Promise<Pattern[]> {
  const patterns = await offerPatterns(repo, session, words, effective ? { effective } : {});
  for (const { id } of patterns)
    appendRecord(repo.commonDir, session.id, { kind: 'pattern.offered', actor: TOOL, data: { pattern: id, to } });
  return patterns;
}

/** Offers what other sessions learned, and records what was offered to whom. */

import { TOOL } from '../../core/log/record.ts';
import { bareOffer, type Offer } from '../../core/pattern/offer.ts';
import { isTellingText, OFFERED } from '../../core/pattern/rank.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { appendRecord } from '../../store/journal.ts';
import { type ProveOptions, Prover } from '../memory/prover.ts';
import type { Session } from '../session/session.ts';
import { FoundPatterns } from './found.ts';
import { patternIndex } from './index.ts';
import type { KnownPattern } from './known.ts';

/** The approved patterns of other sessions that fit the words, best first, each recorded as offered to `to` (a task, or `start`). */
export async function offer(
  repo: Repo,
  session: Pick<Session, 'id' | 'tip'>,
  words: string,
  to: string,
  options: Pick<ProveOptions, 'effective'> = {},
): Promise<Offer[]> {
  if (!isTellingText(words)) return [];
  const prover = new Prover(repo, session.tip, { ...options, except: session.id });
  const found = new FoundPatterns(repo, prover, compiledPolicy(repo.commonDir));
  const index = (patterns: readonly KnownPattern[]) => patternIndex(repo.commonDir, patterns);
  const offers = (await found.best({ words, limit: OFFERED, index })).map(bareOffer);
  recordOffers(repo.commonDir, session.id, offers, to);
  return offers;
}

/** Records that these were offered to `to`, so that their use can be told from their being there. */
export function recordOffers(commonDir: string, session: SessionId, offers: readonly Pick<Offer, 'id'>[], to: string): void {
  for (const { id } of offers) appendRecord(commonDir, session, { kind: 'pattern.offered', actor: TOOL, data: { pattern: id, to } });
}

/** Offers what other sessions learned, and records what was offered to whom. */

import { bareOffer, type Offer } from '../core/pattern-offer.ts';
import { bestFitting, OFFERED, tellingStems } from '../core/pattern-rank.ts';
import { TOOL } from '../core/record.ts';
import type { SessionId } from '../core/session-id.ts';
import type { Repo } from '../git/run.ts';
import { appendRecord } from '../store/journal.ts';
import type { OfferedPattern } from '../store/offer-cache.ts';
import type { ApprovedOptions } from '../trust/approved.ts';
import { type KnownPattern, readBank } from './bank.ts';
import { patternIndex } from './pattern-index.ts';
import type { Session } from './session.ts';

/** The approved patterns that fit the words, best first, each recorded as offered to `to` (a task, or `start`). */
export async function offer(
  repo: Repo,
  session: Pick<Session, 'id' | 'tip'>,
  words: string,
  to: string,
  options: ApprovedOptions = {},
): Promise<Offer[]> {
  const offers = await offerPatterns(repo, session, words, options);
  recordOffers(repo.commonDir, session.id, offers, to);
  return offers;
}

/** Records that these were offered to `to`, so that their use can be told from their being there. */
export function recordOffers(commonDir: string, session: SessionId, offers: readonly Pick<Offer, 'id'>[], to: string): void {
  for (const { id } of offers) appendRecord(commonDir, session, { kind: 'pattern.offered', actor: TOOL, data: { pattern: id, to } });
}

/**
 * The few approved patterns, of other sessions, that fit a task described in these words; none where nothing fits. A pattern that this
 * session has replaced or deleted is not offered.
 */
export async function offerPatterns(
  repo: Repo,
  session: Pick<Session, 'id' | 'tip'>,
  words: string,
  options: ApprovedOptions = {},
): Promise<Offer[]> {
  if (tellingStems(words).length === 0) return [];
  const { patterns } = await readBank(repo, { session }, options);
  const others = patterns.filter((pattern) => pattern.session !== session.id);
  return bestFitting(words, others.map(offeredPattern), patternIndex(repo.commonDir, others), { limit: OFFERED, now: Date.now() }).map(
    bareOffer,
  );
}

/** A pattern as it is offered and ranked. */
export function offeredPattern(pattern: KnownPattern): OfferedPattern {
  const { id, key, title, kind, approach, session, record, at, expires_at, approved, outcome, uses } = pattern;
  return {
    ...{ id, key, title, kind, approach, session, record, at, expires_at },
    lessons: pattern.lessons_learned,
    approver: approved?.by.principal ?? null,
    succeeded: outcome.succeeded,
    of: outcome.of,
    counted: uses.map((use) => use.session),
  };
}

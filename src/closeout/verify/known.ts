/** The session that a word names, among all that this clone can audit. */

import { stateError, usageError } from '../../core/errors.ts';
import { asSessionId, idOfBranch, matchIds, type SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { prefixOf, sessionIds } from '../../lifecycle/session/session.ts';
import { backupTags } from '../landed/landings.ts';
import type { Audit } from './audit.ts';
import { findArrivals } from './found.ts';

/** Throws (exit 1) where the word names none or several; also sessions are known that only their landing on the policy branch shows. */
export async function knownSession(audit: Audit, word: string): Promise<SessionId> {
  if (word.length > 200) throw usageError({ what: 'That is too long to be a session id.' });
  const prefix = prefixOf(audit.repo);
  const named = matchIds(word, await sessionIds(audit.repo), prefix);
  const ids = named.length > 0 ? named : matchIds(word, await landedIds(audit), prefix);
  const [only] = ids;
  if (only && ids.length === 1) return only;
  const shown = oneLine(word, 60);
  if (ids.length > 1) throw stateError({ what: `"${shown}" names ${ids.length} sessions.`, next: ids.slice(0, 10).join('\n') });
  throw stateError({ what: `There is no session "${shown}" in this clone.`, next: 'See the landed ones with: git session log' });
}

async function landedIds(audit: Audit): Promise<SessionId[]> {
  const { arrivals } = await findArrivals(audit, [audit.policy.branch], await backupTags(audit.repo));
  return [...arrivals.keys()];
}

/** The session that a whole id or branch name means, also where this clone knows nothing of it yet; else as knownSession. */
export async function namedSession(audit: Audit, word: string): Promise<SessionId> {
  return idOfBranch(word, prefixOf(audit.repo)) ?? asSessionId(word) ?? knownSession(audit, word);
}

/** What the pattern commands look at, as facts and as lines: what the session sees, or outside one what the project has approved. */

import type { Alike } from '../core/pattern/alike.ts';
import { measuredText } from '../core/pattern/outcome.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { oneLine } from '../core/text/text.ts';
import { commitOf } from '../git/refs.ts';
import { type Bank, readBank } from '../lifecycle/patterns/bank.ts';
import type { KnownPattern } from '../lifecycle/patterns/known.ts';
import type { Io } from './io.ts';
import { viewed } from './memory/view.ts';

/** The bank of the session named, else of the checked-out one, else the approved one at HEAD. */
export async function bankView(
  word: string | undefined,
): Promise<Pick<Bank, 'patterns' | 'records' | 'own'> & { session: SessionId | null }> {
  const { repo, session } = await viewed(word);
  if (session) return { ...(await readBank(repo, { session })), session: session.id };
  const commit = await commitOf(repo, 'HEAD');
  return { ...(commit ? await readBank(repo, { commit }) : { patterns: [], records: [], own: [] }), session: null };
}

/** As `schemas/parts/known-pattern.ts` says. */
export function patternFacts(pattern: KnownPattern) {
  const { id, key, title, kind, description, approach, implementation, code_snippets, lessons_learned, applies_to } = pattern;
  const { sessions_used, success_rate, test_coverage_avg, succeeded, of, claims } = pattern.outcome;
  return {
    ...{ pattern_id: id, key, title, kind, description, approach, implementation, code_snippets, lessons_learned, applies_to },
    success_metrics: { sessions_used, success_rate, test_coverage_avg },
    measured: { k: succeeded, n: of },
    claims,
    claimed: pattern.claimed,
    provenance: {
      ...{ session: pattern.session, at: pattern.at, by: pattern.by.name, record: pattern.record },
      approver: pattern.approved?.by.principal ?? null,
      commit: pattern.approved?.seal ?? null,
      sessions: pattern.uses.map((use) => use.session),
    },
    merged_from: pattern.merged_from,
    tags: pattern.tags,
  };
}

/** Two lines: what it is, and where it stands. */
export function printPattern(io: Io, pattern: KnownPattern, here: SessionId | null): void {
  const pitfall = pattern.kind === 'pitfall' ? io.paint('yellow', 'pitfall: ') : '';
  io.say(`${pitfall}${io.paint('bold', oneLine(pattern.title, 100))}`);
  const [key, said] = [oneLine(pattern.key, 200), `${measuredText(pattern.outcome)}${vouched(pattern)}; ${standing(pattern, here)}`];
  const below = key.length + said.length + 4 > io.width;
  io.say(`  ${io.paint('cyan', key)}${below ? '\n    ' : '  '}${io.paint('dim', said)}`);
}

/** Said where nobody but the session that learned it was counted: it vouches for itself. */
const vouched = ({ outcome, uses, session }: KnownPattern) =>
  outcome.of > 0 && uses.every((use) => use.session === session) ? ', that of the session that learned it' : '';

/** Who stands for it. */
function standing({ session, approved, by }: KnownPattern, here: SessionId | null): string {
  if (session === here) return `proposed here by ${oneLine(by.name, 60)}`;
  return approved ? `approved by ${oneLine(approved.by.principal, 80)}` : 'landed unsigned';
}

/** Points out near-duplicates of what was recorded. */
export function printAlike(io: Io, key: string, alike: readonly Alike[]): void {
  if (alike.length === 0) return;
  io.say('Nearly the same:');
  for (const other of alike) io.say(`  ${other.similarity} %  ${oneLine(other.key, 200)}: ${oneLine(other.title, 100)}`);
  io.say(`One of two: git session pattern merge ${oneLine(key, 200)} ${oneLine(alike[0]?.key ?? '', 200)}`);
}

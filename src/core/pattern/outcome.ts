/** What became of patterns, measured: from records of their use and from closeouts, never from what an agent says. Pure; hot path. */

import type { Manifest } from '../closeout/manifest.ts';
import { testCoverage } from '../documents/figures.ts';
import { compareRecords } from '../log/clock.ts';
import type { AnyRecord } from '../log/record.ts';
import { LEARNED_NAMESPACE } from '../memory/key.ts';
import type { SessionId } from '../session/session-id.ts';
import type { Pattern } from './pattern.ts';

/** A closeout that was decided. */
export interface Closeout {
  session: SessionId;
  /** When, in milliseconds since the epoch. */
  at: number;
  /** Approved with its required checks passed; false: rejected, abandoned, or approved without. */
  succeeded: boolean;
  /** Percent of lines, from recorded checks; null where none recorded it. */
  coverage: number | null;
}

/** What an approver signed of a session's end. */
type Ending = Pick<Manifest, 'closed_at' | 'checks' | 'lessons_only'>;

/** A session whose log is approved. */
export interface EndedSession {
  id: SessionId;
  /** Null: nobody signed its end. */
  manifest: Ending | null;
}

export interface MeasuredOutcome {
  /** Sessions that used it, whether they have ended or not. */
  sessions_used: number;
  /** Closeouts of these sessions since they used it: it worked in `succeeded` of `of`. */
  succeeded: number;
  of: number;
  /** Percent, 0 to 100; null where no closeout was decided. Always shown beside k of n. */
  success_rate: number | null;
  /** Percent; null where no check recorded it. */
  test_coverage_avg: number | null;
  /** What agents said of its use, one word a session. Claims: no figure above rests on them. */
  claims: { success: number; failure: number };
}

/** The kinds of record that outcomes rest on, beside memory. */
export const OUTCOME_KINDS = ['pattern.used', 'closeout.rejected', 'session.abandoned', 'session.restored'] as const;

/** The decided closeouts of sessions, by session; `records`: of their logs. */
export function closeoutsIn(sessions: readonly EndedSession[], records: readonly AnyRecord[]): Map<SessionId, Closeout[]> {
  const bySession = new Map<SessionId, AnyRecord[]>(sessions.map(({ id }) => [id, []]));
  for (const record of records) bySession.get(record.session)?.push(record);
  return new Map(sessions.map(({ id, manifest }) => [id, closeoutsOf(id, (bySession.get(id) ?? []).sort(compareRecords), manifest)]));
}

/** Each rejection, and how it ended. */
function closeoutsOf(session: SessionId, records: readonly AnyRecord[], ending: Ending | null): Closeout[] {
  const closeouts: Closeout[] = [];
  let abandoned: number | null = null;
  for (const { kind, at } of records) {
    const against = { session, at: Date.parse(at), succeeded: false, coverage: null };
    if (kind === 'closeout.rejected') closeouts.push(against);
    else if (kind === 'session.abandoned') abandoned = against.at;
    else if (kind === 'session.restored') abandoned = null;
  }
  // What an approver signed by hand may hold anything.
  if (!ending || !Array.isArray(ending.checks) || Number.isNaN(Date.parse(ending.closed_at))) return closeouts;
  if (!ending.lessons_only) {
    const succeeded = ending.checks.every(({ required, status }) => !required || status === 'passed' || status === 'not-needed');
    closeouts.push({ session, at: Date.parse(ending.closed_at), succeeded, coverage: testCoverage(ending.checks) });
  } else {
    closeouts.push({ session, at: abandoned ?? Date.parse(ending.closed_at), succeeded: false, coverage: null });
  }
  return closeouts;
}

/** A session that used a pattern. */
export interface Use {
  session: SessionId;
  /** When it first did, in milliseconds since the epoch. */
  at: number;
  /** What was said of it last: a claim. */
  claim: 'success' | 'failure' | null;
  note: string | null;
}

/** Looks up the uses of a pattern: the session that learned it, and those with a `pattern.used` record that names it. */
export function usesIn(records: readonly AnyRecord[]): (pattern: Pattern) => Use[] {
  const named = new Map<string, AnyRecord[]>();
  const file = (name: string, record: AnyRecord) => {
    const list = named.get(name);
    if (list) list.push(record);
    else named.set(name, [record]);
  };
  for (const record of records) {
    if (record.kind === 'pattern.used') file(record.data.pattern, record);
    else if (record.kind === 'memory.stored' && record.data.namespace === LEARNED_NAMESPACE) file(`stored ${record.data.key}`, record);
  }
  return (pattern) => {
    const names = [pattern.id, pattern.key, ...pattern.merged_from];
    // Who warns of a pitfall fell into it: that is no use of the warning.
    const stored = pattern.kind === 'pitfall' ? [] : names.map((name) => `stored ${name}`);
    return foldUses([...new Set([...names, ...stored])].flatMap((name) => named.get(name) ?? []));
  };
}

function foldUses(records: readonly AnyRecord[]): Use[] {
  const uses = new Map<SessionId, Use>();
  for (const record of [...records].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    const use = uses.get(record.session) ?? { session: record.session, at: Date.parse(record.at), claim: null, note: null };
    if (record.kind === 'pattern.used') Object.assign(use, { claim: record.data.outcome, note: record.data.note ?? null });
    uses.set(record.session, use);
  }
  return [...uses.values()];
}

/** The outcome of a pattern with these uses. `closeouts`: by session. */
export function measure(uses: readonly Use[], closeouts: ReadonlyMap<SessionId, readonly Closeout[]>): MeasuredOutcome {
  // What was decided before a session used it says nothing about it.
  const counted = uses.flatMap((use) => (closeouts.get(use.session) ?? []).filter(({ at }) => at >= use.at));
  const succeeded = counted.filter((closeout) => closeout.succeeded).length;
  const coverages = counted.flatMap(({ coverage }) => coverage ?? []);
  return {
    sessions_used: uses.length,
    succeeded,
    of: counted.length,
    success_rate: counted.length > 0 ? percent(succeeded / counted.length) : null,
    test_coverage_avg: coverages.length > 0 ? percent(coverages.reduce((sum, value) => sum + value, 0) / coverages.length / 100) : null,
    claims: {
      success: uses.filter(({ claim }) => claim === 'success').length,
      failure: uses.filter(({ claim }) => claim === 'failure').length,
    },
  };
}

const percent = (share: number): number => Math.round(share * 1000) / 10;

/** "worked in 3 of 4 closeouts", or that none was counted. */
export function measuredText({ succeeded, of }: Pick<MeasuredOutcome, 'succeeded' | 'of'>): string {
  return of === 0 ? 'no closeout counted yet' : `worked in ${succeeded} of ${of} ${of === 1 ? 'closeout' : 'closeouts'}`;
}

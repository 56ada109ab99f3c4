/** Patterns with what was measured of them and who approved them, from logs and records. Hot path: no npm package. */

import type { Approver, Manifest } from '../../core/closeout/manifest.ts';
import { mergeRecords } from '../../core/log/log.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import { foldMerged } from '../../core/memory/memory.ts';
import { closeoutsIn, type MeasuredOutcome, measure, type Use, usesIn } from '../../core/pattern/outcome.ts';
import { type Pattern, readPatterns } from '../../core/pattern/pattern.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { OfferedPattern } from '../../store/offer-cache.ts';

export interface KnownPattern extends Pattern {
  outcome: MeasuredOutcome;
  uses: Use[];
  /** Who approved the session that stored it, and its seal. Null: nobody has yet, or policy (`memory.trust: landed`) asks for nobody. */
  approved: { by: Approver; seal: string; tag: string } | null;
}

/** A session's end, as a tag says it. */
export interface Ended {
  id: SessionId;
  tag: string | null;
  manifest: Manifest | null;
}

/** The patterns among records: `approved` of the sessions in `ended`, and the `own` ones of who asks. */
export function knownPatterns(ended: readonly Ended[], approved: readonly AnyRecord[], own: readonly AnyRecord[]): KnownPattern[] {
  const records = mergeRecords(approved, own);
  const closeouts = closeoutsIn(ended, approved);
  const usesOf = usesIn(records);
  const manifests = new Map(ended.map(({ id, manifest, tag }) => [id, manifest && tag ? { manifest, tag } : null]));
  return readPatterns(foldMerged(records, Date.now())).map((pattern): KnownPattern => {
    const uses = usesOf(pattern);
    const signed = manifests.get(pattern.session);
    const by = signed && { by: signed.manifest.approver, seal: signed.manifest.seal, tag: signed.tag };
    return { ...pattern, uses, outcome: measure(uses, closeouts), approved: by ?? null };
  });
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

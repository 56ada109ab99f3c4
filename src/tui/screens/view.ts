/** What a screen is drawn from. */

import type { Actor } from '../../core/log/record.ts';
import type { PatternFields } from '../../core/pattern/pattern.ts';
import type { PatternDecision } from '../../core/pattern/proposal.ts';
import type { ReviewData } from '../data.ts';
import type { Line } from '../rows.ts';

/** What the person did to the review so far; nothing of it counts before a yes. */
export interface Edits {
  /** Keys of patterns that are not kept. */
  dropped: ReadonlySet<string>;
  /** Patterns in the person's own version, by key. */
  patterns: ReadonlyMap<string, PatternFields>;
  /** That person. */
  by: Actor;
  /** The summary was edited. */
  summary: boolean;
}

export interface View {
  data: ReviewData;
  edits: Edits;
  /** Targets of folders that are folded. */
  folded: ReadonlySet<string>;
  /** Only what changed since the review that was rejected. */
  onlySince: boolean;
  /** Columns. */
  width: number;
  /** Milliseconds since the epoch. */
  now: number;
  /** False: no drawing, every fact in words. */
  draws: boolean;
}

/** A screen as lines from top to bottom. */
export type Screen = (view: View) => Line[];

/** What becomes of the proposed patterns. */
export function decisionOf({ dropped, patterns, by }: Edits): PatternDecision {
  return { dropped, ...(patterns.size > 0 ? { edited: { by, patterns } } : {}) };
}

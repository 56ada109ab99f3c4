/** How the landing of a sealed session is named for people: one word for what an audit found of it. Pure. */

import type { Finding } from './finding.ts';
import type { LandedAs } from './merge.ts';

/** `partial`: only some of it is on base. `unapproved`: nobody, or too few, signed. `unverified`: something else does not hold, or cannot be proved. */
export type LandingVerdict = LandedAs | 'partial' | 'reverted' | 'unapproved' | 'unverified';

export interface AuditedLanding {
  tag: string | null;
  landing: { as: LandedAs | null; now: 'landed' | 'reverted' } | null;
  approvals: { needed: number; principals: readonly string[] };
  findings: readonly Finding[];
}

/** The verdict on a session that came to base whole. */
export function landingVerdict({ tag, landing, approvals, findings }: AuditedLanding): LandingVerdict {
  if (landing?.now === 'reverted') return 'reverted';
  if (tag === null) return 'unapproved';
  if (landing?.as === 'edited' || landing?.as === 'changed after the seal') return landing.as;
  if (!landing?.as || findings.some(({ level, code }) => level !== 'note' && code !== 'approvals')) return 'unverified';
  return approvals.principals.length < approvals.needed ? 'unapproved' : landing.as;
}

/** Verdicts under which what landed is what was approved. */
export const isGood = (verdict: LandingVerdict) => ['signed merge', 'exact', 'as approved', 'updated'].includes(verdict);

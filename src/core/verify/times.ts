/** Judging when a session was closed: no agent may choose the moment. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed } from './finding.ts';

/** Clocks of the machines of one team differ by this much, in milliseconds, and commits keep whole seconds. */
const SKEW_MS = 60_000;

/**
 * Why a session cannot have been closed at `closedAt` (ISO 8601), or null: it lies after `latest`, or before its last commit (`tipAt`).
 * Null for a moment that is not known.
 */
export function closingTrouble(closedAt: string, moments: { tipAt?: Date | null; latest?: Date | null }): string | null {
  const at = Date.parse(closedAt);
  const { tipAt = null, latest = null } = moments;
  if (Number.isNaN(at)) return `${oneLine(closedAt, 40) || 'nothing'} is no time`;
  if (latest && at > latest.getTime() + SKEW_MS) return `${iso(at)} lies after ${iso(latest.getTime())}`;
  if (tipAt && at < tipAt.getTime() - SKEW_MS) return `${iso(at)} lies before its last commit, of ${iso(tipAt.getTime())}`;
  return null;
}

/** The manifest's times against the date of what was signed (`what`, such as "the tag"), and of the session's last commit. */
export function judgeTimes(
  manifest: Partial<Pick<Manifest, 'closed_at' | 'approved_at'>>,
  what: string,
  moments: { tipAt?: Date | null; latest?: Date | null },
): Finding[] {
  const { tipAt = null, latest = null } = moments;
  const against = latest ? `, the date of ${what}` : '';
  const findings: Finding[] = [];
  if (typeof manifest.closed_at === 'string') {
    const trouble = closingTrouble(manifest.closed_at, { tipAt, latest });
    if (trouble) findings.push(failed('closed-at', `The closing time is not to be believed: ${trouble}${against}.`));
  }
  if (typeof manifest.approved_at === 'string') {
    const trouble = closingTrouble(manifest.approved_at, { latest });
    if (trouble) findings.push(failed('approved-at', `The time of the approval is not to be believed: ${trouble}${against}.`));
  }
  return findings;
}

/** The date at the end of a `tagger` or `committer` line, or null. */
export function dateOfLine(line: string): Date | null {
  const seconds = /> (\d{1,12}) [+-]\d{4}$/.exec(line)?.[1];
  return seconds === undefined ? null : new Date(Number(seconds) * 1000);
}

const iso = (ms: number) => (Math.abs(ms) > 8.64e15 ? 'a time beyond all dates' : new Date(ms).toISOString());

/** Refuses to sign a moment of closing that no audit would believe. */

import { stateError } from '../../core/errors.ts';
import { closingTrouble } from '../../core/verify/times.ts';
import type { Prepared } from '../prepare/prepare.ts';

/** Throws (exit 1) where the session's last commit is dated after now, or its seal before that commit or after now. */
export function refuseMoment({ session, sealed, content }: Prepared, now: Date): void {
  const tip = content.commits.find(({ oid }) => oid === session.tip);
  const tipAt = tip ? new Date(tip.committerDate) : null;
  const early = closingTrouble(now.toISOString(), { tipAt });
  if (early) {
    throw stateError({
      what: "The session's last commit is dated in the future, so nothing was signed.",
      why: `Now, ${early}.`,
      next: 'Set the clock right, or wait; a commit made now on the session branch carries a date of now.',
    });
  }
  const trouble = sealed ? closingTrouble(content.facts.closed_at, { tipAt, latest: now }) : null;
  if (!trouble) return;
  throw stateError({
    what: 'The seal names a closing time that cannot be, so nothing was signed.',
    why: `${trouble}.`,
    next: `Send it back, and seal it anew: git session reject ${session.id} --reason "wrong closing time"`,
  });
}

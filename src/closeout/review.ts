/** The review of what was prepared. */

import type { ReviewFacts } from '../core/review.ts';
import { oneLine } from '../core/text.ts';
import { presenceText } from '../trust/presence.ts';
import type { ApprovingKey } from './approver.ts';
import type { Prepared } from './prepare.ts';

/** What a person reads before deciding. */
export function reviewOf(prepared: Prepared, context: { key: ApprovingKey | null; again: string | null }): ReviewFacts {
  const { policy } = prepared.policy;
  const { records } = prepared.content;
  const rejection = records.findLast((record) => record.kind === 'closeout.rejected');
  return {
    facts: prepared.content.facts,
    base: prepared.base.branch,
    land: policy.land.by,
    sensitive: prepared.sensitive,
    strays: prepared.strays,
    leftovers: prepared.leftovers,
    held: prepared.held,
    outputs: prepared.outputs,
    sealed: prepared.sealed,
    signs: context.key === null ? null : signs(context.key, policy.presence),
    unattended: policy.presence === 'none',
    rejected: rejection?.kind === 'closeout.rejected' ? rejection.data.reasons : [],
    again: context.again,
  };
}

function signs({ approver, signer }: ApprovingKey, presence: Parameters<typeof presenceText>[0]): string {
  const asks = signer.needsTouch
    ? '; it will ask for a touch twice'
    : signer.needsPassphrase
      ? '; it will ask for its passphrase twice'
      : '';
  return `${oneLine(approver.principal, 100)} with the ${oneLine(signer.describe, 200)}, ${presenceText(presence)}${asks}`;
}

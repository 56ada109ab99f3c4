/** The review of what was prepared. */

import type { LandingPreview } from '../../core/closeout/landing-preview.ts';
import type { ReviewFacts } from '../../core/closeout/review.ts';
import { oneLine } from '../../core/text/text.ts';
import type { CheckoutMove } from '../../store/closeout-state.ts';
import { presenceText } from '../../trust/presence.ts';
import type { Asked, Context } from '../context.ts';
import type { ApprovingKey } from '../land/approver.ts';
import type { Found, Prepared } from './prepare.ts';

/** What a person reads before deciding; of what was found alone, before its checks have run. */
export function reviewOf(found: Found & Partial<Pick<Prepared, 'outputs'>>, asked: Asked): ReviewFacts {
  const { policy } = found.policy;
  const { records } = found.content;
  const rejection = records.findLast((record) => record.kind === 'closeout.rejected');
  return {
    facts: found.content.facts,
    range: { from: found.mergeBase, to: found.session.tip },
    base: found.base.branch,
    land: policy.land.by,
    sensitive: found.sensitive,
    strays: found.strays,
    elsewhere: found.elsewhere,
    leftovers: found.leftovers,
    held: found.held,
    outputs: found.outputs ?? new Map(),
    sealed: found.sealed,
    signs: asked.key === null ? null : signs(asked.key, policy.presence, asked.landing?.goal),
    unattended: policy.presence === 'none',
    localPolicy: found.policy.local !== null,
    rejected: rejection?.kind === 'closeout.rejected' ? rejection.data.reasons : [],
    again: asked.again,
    landing: asked.landing,
    since: found.since,
  };
}

/** What a yes would do; `checkouts` null as long as the tree that would land is not known to fit. */
export function previewOf(
  context: Context,
  { session, base, policy }: Pick<Found, 'session' | 'base' | 'policy'>,
  checkouts: CheckoutMove[] | null,
): LandingPreview {
  const { goal, key, existing, options, target } = context;
  return {
    goal,
    base: { branch: base.branch, commit: base.commit },
    session: { branch: session.branch, tip: existing?.tip ?? session.tip, sealed: existing !== null },
    tag: context.tagName,
    signs: key === null ? null : signs(key, policy.policy.presence, goal),
    checkouts: checkouts?.map(({ top, role, after }) => ({ top, role, after })) ?? null,
    keepBranch: options.keepBranch === true || policy.policy.branch.after_landing === 'keep',
    push: target?.remote ?? null,
  };
}

function signs({ approver, signer }: ApprovingKey, presence: Parameters<typeof presenceText>[0], goal?: LandingPreview['goal']): string {
  const times = goal === 'tag' ? '' : ' twice, for the merge commit and the tag';
  const asks = signer.needsTouch
    ? `; it will ask for a touch${times}`
    : signer.needsPassphrase
      ? `; it will ask for its passphrase${times}`
      : '';
  return `${oneLine(approver.principal, 100)} with the ${oneLine(signer.describe, 200)}, ${presenceText(presence)}${asks}`;
}

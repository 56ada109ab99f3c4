/** What a yes is going to do, in git's terms. Pure. */

import { landingPlan, type Step } from './plan.ts';

/** What becomes of a checkout: it moves with its branch, and afterwards stays, goes to base, is detached or removed. */
export interface CheckoutPreview {
  top: string;
  role: 'base' | 'session';
  after: 'stay' | 'to-base' | 'detach' | 'remove';
}

export interface LandingPreview {
  /** `land`: base, session and tag move. `seal`: only the session branch. `tag`: only the tag. */
  goal: 'land' | 'seal' | 'tag';
  base: { branch: string; commit: string };
  session: { branch: string; tip: string; sealed: boolean };
  /** Short name of the tag that is made; null: none. */
  tag: string | null;
  /** Who signs with what; null where nothing is signed. */
  signs: string | null;
  /** Null: not known before the checks have run. */
  checkouts: CheckoutPreview[] | null;
  keepBranch: boolean;
  /** The remote that base and tag are pushed to. */
  push: string | null;
}

/** The steps that a yes sets off, in order; those of checkouts only once these are known. */
export function stepsOf({ goal, session, checkouts, keepBranch, push }: LandingPreview): Step[] {
  const own = checkouts?.find(({ role }) => role === 'session');
  return landingPlan({
    goal,
    sealed: session.sealed,
    baseCheckout: checkouts?.some(({ role }) => role === 'base') ?? false,
    sessionCheckout: !own ? 'none' : own.after === 'stay' ? 'to-base' : own.after,
    keepBranch,
    push: push !== null,
  });
}

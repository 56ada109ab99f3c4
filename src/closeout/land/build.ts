/** One attempt to land what was approved: the seal, the signatures, the move. */

import { decidePatterns } from '../../core/documents/facts.ts';
import type { CheckoutMove, CloseoutState, LandingObjects } from '../../store/closeout-state.ts';
import { withLock } from '../../store/lock.ts';
import type { Approval, Context } from '../context.ts';
import { landingBase } from '../prepare/base.ts';
import type { Prepared } from '../prepare/prepare.ts';
import type { ApprovingKey } from './approver.ts';
import { checkoutMoves } from './checkouts.ts';
import type { Finished } from './finish.ts';
import { signFurther } from './further.ts';
import { land, Overtaken } from './land.ts';
import { earlierTags } from './push.ts';
import { makeSeal, type Seal } from './seal.ts';
import { sign } from './sign.ts';
import { type Landing, step } from './steps.ts';
import { nextTagName } from './tag-name.ts';

/** One attempt; null where a ref had moved before ours. */
export async function build(
  context: Context,
  state: CloseoutState,
  prepared: Prepared,
  decision: Approval,
  times: { approvedAt: string; reviewedBase: string | null },
): Promise<{ state: Landing; finished: Finished } | null> {
  const { repo, goal, key, existing } = context;
  const { session, base, policy } = prepared;
  const facts = { ...decidePatterns(prepared.content.facts, decision), closed_at: state.closedAt };
  let seal = existing?.seal ?? null;
  await step(repo, { ...state, landing: null }, 'seal', async () => {
    seal ??= await makeSeal(repo, {
      id: session.id,
      tip: session.tip,
      facts,
      base: base.branch,
      policy: policy.policy,
      dropped: new Set(facts.patterns.filter(({ kept }) => !kept).map(({ key }) => key)),
      summary: decision.summary,
      known: new Set(prepared.content.records.map(({ id }) => id)),
    });
  });
  const made = seal as Seal;
  // One landing at a time, so that a signature is not made in vain.
  return withLock(
    repo.commonDir,
    'landing',
    async () => {
      if ((await landingBase(repo, session, policy.policy.land.by)).commit !== base.commit) return null;
      let merge: string | null = null;
      let tag: { name: string; oid: string } | null = null;
      await step(repo, state, 'sign', async () => {
        const request = { key: key as ApprovingKey, presence: policy.policy.presence, tell: context.options.onProgress, ...times };
        if (context.first) {
          const { approvers } = policy;
          tag = await signFurther(repo, { ...request, id: session.id, seal: made.commit, first: context.first, approvers });
        } else {
          const name = await nextTagName(repo, session.id);
          const { accepted } = decision;
          const signed = await sign(repo, { ...request, prepared, seal: made, accepted, tagName: name, merge: goal === 'land' });
          ({ merge } = signed);
          tag = { name, oid: signed.tag };
        }
        state.landing = await landingObjects(context, prepared, made, merge, tag);
      });
      state.landing ??= await landingObjects(context, prepared, made, merge, tag);
      const ready = state as Landing;
      try {
        return { state: ready, finished: await land(repo, ready) };
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        state.landing = null;
        return null;
      }
    },
    { timeoutMs: 30 * 60_000 },
  );
}

async function landingObjects(
  context: Context,
  prepared: Prepared,
  seal: Seal,
  merge: string | null,
  tag: { name: string; oid: string } | null,
): Promise<LandingObjects> {
  const { goal, existing, options } = context;
  const { session, base, policy } = prepared;
  const moves: LandingObjects['moves'] = [];
  if (merge) moves.push({ ref: base.ref, from: base.commit, to: merge, what: 'base' });
  const from = existing?.tip ?? session.tip;
  // An abandoned session's branch lies in the trash, where it stays: the tag has it too.
  if (existing?.hasBranch !== false && !prepared.lessonsOnly) {
    moves.push({ ref: `refs/heads/${session.branch}`, from, to: existing ? from : seal.commit, what: 'session' });
  }
  if (tag) moves.push({ ref: `refs/tags/${tag.name}`, from: null, to: tag.oid, what: 'tag' });
  return {
    moves,
    checkouts: goal === 'tag' ? [] : await movesFor(context, prepared, { landed: merge, seal: existing?.tip ?? seal.commit }),
    baseBranch: base.branch,
    sessionBranch: session.branch,
    seal: seal.commit,
    keepBranch: options.keepBranch === true || prepared.lessonsOnly || policy.policy.branch.after_landing === 'keep',
    push:
      context.target && tag
        ? {
            remote: context.target.remote,
            refspecs: [
              `${base.ref}:${context.target.merge}`,
              `refs/tags/${tag.name}`,
              ...(await earlierTags(context.repo, base.commit, context.target)),
            ],
          }
        : null,
  };
}

/** The checkouts that move; `landed` may be a tree where it is only asked whether they could. */
export function movesFor(context: Context, prepared: Prepared, to: { landed: string | null; seal: string }): Promise<CheckoutMove[]> {
  const { session, base, policy } = prepared;
  return checkoutMoves(context.repo, {
    baseBranch: base.branch,
    sessionBranch: session.branch,
    base: base.commit,
    tip: context.existing?.tip ?? session.tip,
    landed: context.goal === 'land' ? to.landed : null,
    seal: to.seal,
    refillable: policy.policy.checks.setup_outputs,
  });
}

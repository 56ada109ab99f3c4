/** Who may set up and change policy: naming the first approver is a person's, and so is every change once somebody is named. */

import { personError } from '../../core/errors.ts';
import { changesPolicy, nobody } from '../../trust/approvers.ts';
import { agentAround, presence } from '../../trust/presence.ts';
import type { Signer } from '../../trust/signer.ts';
import type { InitPlace } from './place.ts';
import type { InitPlan } from './plan.ts';
import type { InitWish } from './wish.ts';

/** True where somebody may approve here already. */
export function isGoverned({ effective }: Pick<InitPlace, 'effective'>): boolean {
  return effective.initialised && !nobody(effective.approvers);
}

/** True where the policy branch holds policy: what this clone has for itself is no beginning. */
export function hasBegun({ effective }: Pick<InitPlace, 'effective'>): boolean {
  return effective.initialised && effective.local === null;
}

/**
 * Throws (exit 3) where an agent would name the first approver: whoever that is, could not tell later what a person has seen. Admitted is
 * what names nobody, and a key given by name in a repository that is unattended from the beginning and says so everywhere.
 */
export function refuseFirstByAgent(place: InitPlace, wish: InitWish): void {
  const agent = agentAround(process.env);
  if (!agent || isGoverned(place)) return;
  const unattended = wish.presence === 'none' && wish.signingKey !== undefined;
  if (unattended || (wish.noApprover && !wish.approver)) return;
  throw personError({
    what: 'A person names the first approver.',
    why: `This runs in the environment of ${agent.agent} (${agent.variable} is set), and would name one with the person's key.`,
    next: 'Run git session init yourself in a terminal that no agent started; with --no-approver it names nobody.',
  });
}

/** Throws (exit 3) where a plan changes policy or approvers and the policy in force does not admit that here. */
export function refuseChange(plan: Pick<InitPlan, 'place' | 'signer'> & { files: readonly { path: string }[] }): void {
  if (isGoverned(plan.place) && changesPolicy(plan.files)) refuseNobody(plan.place, plan.signer);
}

/** Throws (exit 3) where approvers are named and no person is there, as the policy in force has it. */
export function refuseNobody(place: Pick<InitPlace, 'effective'>, signer: Signer | null): void {
  if (isGoverned(place)) presence(place.effective.policy, signer ? { signer } : {});
}

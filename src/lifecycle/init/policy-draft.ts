/** The policy file as init writes it. */

import type { Policy } from '../../core/policy/policy.ts';
import { readOrNull } from '../../store/files.ts';
import { POLICY_FILE } from '../../trust/approvers.ts';
import type { CheckEdit } from '../../trust/policy-text.ts';
import { ownFolder } from '../hooks/private.ts';
import type { InitPlace } from './place.ts';

/** What is wished of the policy. */
export interface PolicyWish {
  presence?: string | undefined;
  land?: string | undefined;
  setup?: { run: string; inputs: string[] } | undefined;
  checks: CheckEdit[];
}

export interface PolicyDraft {
  text: string;
  policy: Policy;
  /** How sessions land, where this sets it; null: it stays. */
  land: Policy['land']['by'] | null;
}

/** The policy with what is wished: of the text that is there, else of the template. Throws (exit 1) where it is not valid. */
export async function policyText(before: string | null, place: InitPlace, wish: PolicyWish): Promise<PolicyDraft> {
  const { editPolicyText } = await import('../../trust/policy-text.ts');
  const { parsePolicy } = await import('../../trust/policy-file.ts');
  if (before !== null) parsePolicy(before, POLICY_FILE);
  const land = wish.land ?? (before === null && place.shared ? 'pr' : undefined);
  const text = before ?? policyTemplate();
  const after = editPolicyText(text, {
    ...(land === undefined ? {} : { land }),
    ...(wish.presence === undefined ? {} : { presence: wish.presence }),
    ...(wish.setup ? { setup: wish.setup } : {}),
    checks: wish.checks,
  });
  const policy = parsePolicy(after, POLICY_FILE);
  return { text: after, policy, land: before === null || land !== undefined ? policy.land.by : null };
}

/** What a first policy is made of. */
export function policyTemplate(): string {
  return readOrNull(`${ownFolder('templates', 'sessionrc.yaml')}/sessionrc.yaml`) ?? '';
}

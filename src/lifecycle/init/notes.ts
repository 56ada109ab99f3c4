/** What a person should know of a plan before accepting it, a sentence or two each. Looks only. */

import { SETUPS } from '../../agents/setup/index.ts';
import type { Repo } from '../../git/run.ts';
import { POLICY_FILE, principalsOf } from '../../trust/approvers.ts';
import { configuredNotes } from '../hooks/configured.ts';
import type { HookPlan } from '../hooks/hook-plan.ts';
import { TOOL_FILES, toolNotes, usedPlaces } from './ignored.ts';
import { approversKey, type KeyChoice } from './key.ts';
import type { InitPlace } from './place.ts';
import { texts } from './texts.ts';
import type { InitWish } from './wish.ts';

const initOf = ({ local }: InitWish) => `git session init${local ? ' --local' : ''}`;

/** What a first set-up finds in the project, and what becomes of the git hooks. */
export async function foundNotes(repo: Repo, place: InitPlace, wish: InitWish, hooks: HookPlan | null): Promise<string[]> {
  const first = !place.effective.initialised;
  return [
    ...(first && wish.checks.length === 0 ? [untested(wish)] : []),
    ...(first ? await usedPlaces(repo, place.tip) : []),
    ...(first && !wish.local ? toolNotes(await texts(repo, place.tip, TOOL_FILES)) : []),
    ...(hooks?.notes ?? []),
    ...(wish.hooks ? await configuredNotes(repo) : []),
    ...(hooks?.refusal ? [`${hooks.refusal.what} ${hooks.refusal.why}\n${hooks.refusal.next}`] : []),
  ];
}

const untested = (wish: InitWish) =>
  `How this project is tested was not found, so the policy names no check, and no closeout tests anything. Name one with:\n${initOf(wish)} --check 'test=<command>'`;

/** A client reads its settings from the checkout that it runs in. */
export function clientNotes(repo: Repo, { checkout, branch }: InitPlace, { agents }: InitWish): string[] {
  if (agents.length === 0 || checkout?.top === repo.top) return [];
  const names = agents.map((name) => SETUPS[name].name).join(', ');
  return [`${names} will be connected where ${branch} is checked out, and in sessions that start from it.`];
}

/** Who can approve with this key, and who could not. `governed`: somebody may approve here already. */
export async function approverNotes(
  { effective: { approvers, policy } }: InitPlace,
  { governed, wish, key }: { governed: boolean; wish: InitWish; key: KeyChoice },
): Promise<string[]> {
  if (!governed) {
    if (key.kind === 'none') return [`Nobody can approve a session until an approver is named: run ${initOf(wish)} again with a key.`];
    // Who names the first approver puts in force what somebody else may have written.
    return policy.presence === 'none' && !wish.presence && !wish.local
      ? [`${POLICY_FILE} says already presence: none, so sessions would be approved unattended. Change it with: --presence terminal`]
      : [];
  }
  if (wish.local) return [];
  if (key.kind === 'none') {
    const mine = (await approversKey(approvers)) ?? '<your public key>';
    return [`git cannot sign in this clone, which only approving needs. Name your key with:\n${initOf(wish)} --signing-key ${mine}`];
  }
  if (key.kind !== 'key' || principalsOf(approvers, key.signer.key).length > 0) return [];
  const pub = key.signer.publicKey ? `'${key.signer.publicKey}'` : `${key.signer.key}.asc`;
  return [`Your key is not an approver's. An approver can add it: ${initOf(wish)} --approver ${key.signer.principal} --key ${pub}`];
}

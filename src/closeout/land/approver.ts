/** Whose signature this closeout would carry, asked before anything else is asked of the person. */

import type { Approver } from '../../core/closeout/manifest.ts';
import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import type { CommitInfo } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { type Approvers, nobody, principalsOf } from '../../trust/approvers.ts';
import type { EffectivePolicy } from '../../trust/policy-chain.ts';
import { canSign, type Signer, signingKey } from '../../trust/signing.ts';

export interface ApprovingKey {
  signer: Signer;
  approver: Approver;
}

/** The key and the approver's name that it stands for. Throws (exit 1): no key, or not an approver's, or listed under somebody else. */
export async function approvingKey(repo: Repo, policy: Pick<EffectivePolicy, 'approvers' | 'branch' | 'local'>): Promise<ApprovingKey> {
  const { approvers } = policy;
  const place = policy.local === null ? `on ${policy.branch}` : 'in the policy of this clone';
  const signer = await signingKey(repo);
  if (nobody(approvers)) {
    throw stateError({
      what: `No approver is named ${place}, so nobody can approve.`,
      next: `Name yourself there with: git session init${policy.local === null ? '' : ' --local'}`,
    });
  }
  const names = await principals(repo, approvers, signer);
  const mine = names.find((name) => name.toLowerCase() === signer.principal.toLowerCase());
  if (mine !== undefined) return { signer, approver: { principal: mine, key: signer.key, format: signer.format } };
  throw stateError(
    names.length === 0
      ? {
          what: 'Your key is not an approver\u2019s, so your signature would not count.',
          why: `git signs with the ${signer.describe}; the list of approvers ${place} does not name it.`,
          next: 'Have an approver add it there, or sign with another key: git config user.signingKey <path>',
        }
      : {
          what: `Your key is listed for ${oneLine(names.join(', '), 100)}, but git says that you are ${oneLine(signer.principal, 100)}.`,
          why: 'An approval names one person, and the key and the name must agree.',
          next: 'Correct your address (git config user.email) or the list of approvers.',
        },
  );
}

/** Every name that the key is good for now. A key that would ask something of the person is looked up and not tried. */
async function principals(repo: Repo, approvers: Approvers, signer: Signer): Promise<string[]> {
  const verdict = signer.needsTouch || signer.needsPassphrase ? null : await canSign(repo, approvers, signer);
  if (verdict) return verdict.ok ? verdict.principals : [];
  return principalsOf(approvers, signer.key).map((name) => (name === signer.key ? signer.principal : name));
}

/** Throws (exit 1) where policy forbids approving one's own work and nobody else wrote in the session. */
export function refuseOwnWork(policy: EffectivePolicy['policy'], approver: Approver, commits: readonly CommitInfo[]): void {
  if (policy.approvals.self === 'allow') return;
  const authors = new Set(commits.map((commit) => commit.authorEmail.toLowerCase()));
  if (authors.size !== 1 || !authors.has(approver.principal.toLowerCase())) return;
  throw stateError({
    what: 'The policy does not let you approve your own work (approvals.self: deny).',
    why: `Every commit of this session is by ${oneLine(approver.principal, 100)}.`,
    next: 'Ask another approver to run the closeout.',
  });
}

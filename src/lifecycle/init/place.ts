/** Where init makes its commit: the policy branch, its tip, and the worktree that has it checked out. */

import { stateError } from '../../core/errors.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { commitOf, isAncestor } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { operationInProgress } from '../../git/switch.ts';
import { policyPlaces } from '../../trust/policy-branch.ts';
import { type EffectivePolicy, effectivePolicy } from '../../trust/policy-chain.ts';

export interface InitPlace {
  /** Short name of the policy branch. */
  branch: string;
  tip: string;
  /** The repository as seen from the worktree that has the branch checked out; null where none has. */
  checkout: Repo | null;
  /** The remote that others have it from; null where there is none, or several of which none is called origin. */
  remote: string | null;
  /** True where that remote has the policy branch, as last fetched. */
  shared: boolean;
  effective: EffectivePolicy;
}

/** Looks; changes nothing. Throws (exit 1) where there is no branch to commit to, it is behind its remote, or its checkout is busy. */
export async function initPlace(repo: Repo): Promise<InitPlace> {
  const effective = await effectivePolicy(repo, { fresh: true, pin: false });
  const { remote, places } = await policyPlaces(repo);
  const branch = effective.branch || places[0]?.name || '';
  const tip = branch ? await commitOf(repo, `refs/heads/${branch}`) : null;
  const followed = await followedTip(repo, remote, branch);
  if (!tip && followed) {
    throw stateError({
      what: `The policy belongs on ${branch}, and this clone has no local branch of that name.`,
      next: `git branch ${branch} ${remote}/${branch}`,
    });
  }
  if (!tip) {
    throw stateError({
      what: 'There is no commit to build on yet.',
      why: 'The policy is a commit of its own, on a branch that has a beginning.',
      next: 'Make a first commit, for example of a README, and run the command again.',
    });
  }
  if (followed && !(await isAncestor(repo, followed, tip))) {
    throw stateError({
      what: `${branch} does not hold everything of ${remote}/${branch}.`,
      why: 'The policy is read from there, so the commit must build on it.',
      next: `git switch ${branch} && git pull`,
    });
  }
  return { branch, tip, checkout: await checkoutOf(repo, branch), remote, shared: followed !== null, effective };
}

/** Where a set-up of this clone alone is made. Throws (exit 1) where the branch has a policy, or there is no commit yet. */
export async function localPlace(repo: Repo): Promise<InitPlace> {
  const effective = await effectivePolicy(repo, { fresh: true, pin: false });
  if (effective.initialised && effective.local === null) {
    throw stateError({
      what: `This repository has a policy already, on ${effective.branch}.`,
      why: 'A policy of this clone alone counts only where the branch has none.',
      next: 'git session init   (where all is set up it commits nothing, and activates the git hooks in this clone)',
    });
  }
  const { remote, places } = await policyPlaces(repo);
  const tip = await commitOf(repo, 'HEAD');
  if (!tip) {
    throw stateError({
      what: 'There is no commit to start a session from yet.',
      next: 'Make a first commit, for example of a README, and run the command again.',
    });
  }
  const branch = effective.branch || places[0]?.name || '';
  const shared = (await followedTip(repo, remote, branch)) !== null;
  return { branch, tip, checkout: repo, remote, shared, effective };
}

/** Whether or not this clone knows which branch is the remote's default one: a clone knows it, a repository that was pushed does not. */
async function followedTip(repo: Repo, remote: string | null, branch: string): Promise<string | null> {
  return remote && branch ? commitOf(repo, `refs/remotes/${remote}/${branch}`) : null;
}

async function checkoutOf(repo: Repo, branch: string): Promise<Repo | null> {
  const row = (await readWorktrees(repo)).find((one) => one.branch === branch && !one.prunable);
  if (!row) return null;
  const there = row.path === repo.top ? repo : repoAt(repo, row.path);
  const operation = await operationInProgress(there);
  if (!operation) return there;
  throw stateError({ what: `A ${operation} is in progress on ${branch}.`, next: `Finish the ${operation} first.` });
}

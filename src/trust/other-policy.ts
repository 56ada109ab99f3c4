/** Whether a branch that the project goes by holds another policy than the one in force: then somebody chose the judge in this clone's configuration. */

import { SessionError, verificationError } from '../core/errors.ts';
import type { Repo } from '../git/run.ts';
import { type VerdictCache, verdictCache } from '../store/verdicts.ts';
import { approversAt, nobody } from './approvers.ts';
import type { PolicyBranch } from './policy-branch.ts';
import { policyStates } from './policy-state.ts';
import { type PolicySteps, policySteps } from './policy-steps.ts';

/** Where policy would begin if a person accepted it. */
export interface OtherRoot {
  /** Short name of the branch. */
  branch: string;
  root: string;
  /** The commit whose files would be in force. */
  source: string;
}

/** The policy does not begin where it should (exit 4); `git session init` lets a person look at `other` and accept it. */
export class OtherRootError extends SessionError {
  readonly other: OtherRoot;

  constructor(text: { what: string; why: string; next?: string }, other: OtherRoot) {
    super('verification', { next: LOOK, ...text });
    this.other = other;
  }
}

/** No command that would accept it: whoever reads this may be an agent. */
const LOOK = 'Find out who changed it. A person runs git session init to look at the other beginning, and may accept it there.';

/** The policy that stands to be compared; `steps` has no root where there is none. */
interface InForce {
  place: PolicyBranch;
  steps: PolicySteps;
}

type Found = OtherRoot & { shown: string; later: boolean };

/** Throws (exit 4) where a project's branch names approvers by another policy than the one in force, or by a later one. */
export async function refuseOtherPolicy(repo: Repo, mine: InForce, project: readonly PolicyBranch[], cache: VerdictCache): Promise<void> {
  for (const place of project) {
    const other = await otherPolicy(repo, mine, place, cache);
    if (!other) continue;
    // Policy pushed later than the local branch has it is no other one: only the remote's copy decides.
    if (other.later && mine.place.remote !== null) continue;
    const text = {
      what: `${other.shown} holds ${other.later ? 'a later' : 'another'} policy than the one in force here.`,
      why: `Policy is read from ${shownName(mine.place)}, ${begins(mine.steps.root)}; on ${other.shown} it ${begins(other.root, 's')}. Somebody may have replaced the judge of this clone.`,
    };
    // Where the remote's branch decides, accepting a local one would change nothing.
    if (mine.place.remote === null || mine.steps.root === null) throw new OtherRootError(text, other);
    throw verificationError({
      ...text,
      next: `A person finds out why, and brings ${other.shown} in line with ${shownName(mine.place)}.`,
    });
  }
}

/** Throws (exit 4) where a branch to land on names approvers by another policy than the one in force. */
export async function refuseForeignBase(
  repo: Repo,
  policy: { branch: string; ref: string; root: string; sources: string[]; commit: string },
  base: { branch: string; ref: string; commit: string },
): Promise<void> {
  const mine: InForce = {
    place: { name: policy.branch, ref: policy.ref, tip: policy.commit, remote: null },
    steps: { root: policy.root, sources: policy.sources, ignored: [] },
  };
  const cache = verdictCache(repo.commonDir, 'policy-steps', { blind: true });
  const other = await otherPolicy(repo, mine, { name: base.branch, ref: base.ref, tip: base.commit, remote: null }, cache);
  if (!other || other.later) return;
  throw verificationError({
    what: `${base.branch} holds another policy than the one in force here.`,
    why: `The policy in force is that of ${policy.branch}, ${begins(policy.root)}; on ${base.branch} it ${begins(other.root, 's')}.`,
    next: 'Find out who put it there: a person decides what becomes of that branch before anything lands on it.',
  });
}

/** Pairs that this process has found to agree: a closeout reads its policy several times. */
const agreed = new Set<string>();

/**
 * What a branch says of policy, where that is not the policy in force or an earlier one of it; else null. The files decide, not the
 * commit: a branch that got its policy by a merge or a copy begins elsewhere, and has the same judges.
 */
async function otherPolicy(repo: Repo, mine: InForce, place: PolicyBranch, cache: VerdictCache): Promise<Found | null> {
  if (place.ref === mine.place.ref || place.tip === mine.place.tip) return null;
  const pair = `${mine.steps.sources.join(' ')} ${place.tip}`;
  if (agreed.has(pair)) return null;
  const theirs = await policySteps(repo, place.tip, cache);
  const source = theirs.sources[theirs.sources.length - 1];
  if (theirs.root && source && !mine.steps.sources.includes(source) && !nobody(await approversAt(repo, source))) {
    const [state, ...own] = await policyStates(repo, [source, ...mine.steps.sources]);
    if (!state || !own.includes(state)) {
      return { branch: place.name, root: theirs.root, source, shown: shownName(place), later: theirs.root === mine.steps.root };
    }
  }
  agreed.add(pair);
  return null;
}

function shownName(place: PolicyBranch): string {
  return place.remote ? `${place.remote}/${place.name}` : place.name;
}

function begins(root: string | null, third = ''): string {
  const verb = third ? 'begins' : 'beginning';
  return root ? `${verb} at ${root}` : third ? 'does not begin' : 'which holds none';
}

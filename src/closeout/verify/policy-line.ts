/** Which policy was in force at each commit of a branch's first-parent line. */

import type { Policy } from '../../core/policy/policy.ts';
import { ask, type Repo } from '../../git/run.ts';
import type { Approvers } from '../../trust/approvers.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';

/** The judges of a landing. */
export interface Judges {
  policy: Policy;
  approvers: Approvers;
  /** The commit whose files were in force. */
  source: string;
}

export interface PolicyLine {
  /** Position from the tip (0), or undefined for a commit that is not on the line. */
  position(commit: string): number | undefined;
  /** The commit whose policy files were in force at a commit of the line; null before there was any. */
  sourceAt(commit: string): string | null;
}

/** The line of a branch (its short name) from `tip`. Every change of policy on it is judged anew. */
export async function policyLine(repo: Repo, branch: string, tip: string): Promise<PolicyLine> {
  const { sources } = await effectivePolicy(repo, { fresh: true, at: { branch, commit: tip } });
  const commits = (await ask(repo, ['rev-list', '--first-parent', '--end-of-options', tip])).split('\n');
  const places = new Map(commits.map((commit, i) => [commit, i]));
  return {
    position: (commit) => places.get(commit),
    sourceAt: (commit) => {
      const at = places.get(commit);
      return (at !== undefined && sources.findLast((source) => (places.get(source) ?? -1) >= at)) || null;
    },
  };
}

/** Policy and approvers of sources, each read once. */
export function judgesOf(repo: Repo, branch: string): (source: string) => Promise<Judges> {
  const known = new Map<string, Promise<Judges>>();
  const read = async (source: string): Promise<Judges> => {
    const { policy, approvers } = await effectivePolicy(repo, { fresh: true, at: { branch, commit: source } });
    return { policy, approvers, source };
  };
  return (source) => {
    const judges = known.get(source) ?? read(source);
    known.set(source, judges);
    return judges;
  };
}

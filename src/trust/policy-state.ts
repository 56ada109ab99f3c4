/** The policy of a commit or tree as ids: what tells two of them apart. */

import { statMany } from '../git/batch.ts';
import type { Repo } from '../git/run.ts';
import { POLICY_PATHS } from './approvers.ts';

/** Object ids of the policy's paths at a commit, the policy file's first, as one text; two commits with the same text have the same policy. */
export type PolicyState = string;

/** Ids of the policy's paths at each treeish, null where the treeish cannot be read. */
export async function policyStates(repo: Repo, treeishes: readonly string[]): Promise<(PolicyState | null)[]> {
  const asked = await statMany(
    repo,
    treeishes.flatMap((treeish) => [`${treeish}^{tree}`, ...POLICY_PATHS.map((path) => `${treeish}:${path}`)]),
  );
  const width = POLICY_PATHS.length + 1;
  return treeishes.map((_, i) => {
    const [tree, ...parts] = asked.slice(i * width, (i + 1) * width);
    return tree ? parts.map((part) => part?.oid ?? '-').join(' ') : null;
  });
}

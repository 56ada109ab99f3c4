/** A forge's squash or rebase of an approved session carries no approver's signature; the session's signed tag speaks for it. */

import { parseTagMessage } from '../core/closeout/manifest-text.ts';
import { sessionPaths } from '../core/session/metadata.ts';
import { asSessionId, type SessionId } from '../core/session/session-id.ts';
import { refIds } from '../git/ids.ts';
import { mergeTree } from '../git/merge-tree.ts';
import { diffTrees, oidAt } from '../git/objects.ts';
import { firstParentChanges } from '../git/path-history.ts';
import { commitOf } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { readSigned } from '../git/signed.ts';
import type { Approvers } from './approvers.ts';
import { type PolicyState, policyStates } from './policy-state.ts';
import { verifySigned } from './signature.ts';

/**
 * True where `commit` brought a session whose tag verifies under `approvers`: the seal's metadata is the one in the commit,
 * and the landed tree that was signed has the commit's policy files.
 */
export function landedBySquash(repo: Repo, commit: string, state: PolicyState, approvers: Approvers): Promise<boolean> {
  return approved(repo, commit, { state, before: null }, approvers);
}

/**
 * The commit with which a rebased session came whole, where an earlier commit of it (`changed`) changed the policy from `before` to `state`
 * and its tag, which verifies under `approvers`, approves that very change; null where there is none up to `until`.
 */
export async function landedByRebase(
  repo: Repo,
  changed: string,
  until: string,
  policy: { state: PolicyState; before: PolicyState },
  approvers: Approvers,
): Promise<string | null> {
  const later = (await firstParentChanges(repo, until, ['sessions/*/metadata.json'], [changed])).reverse();
  // A forge puts the commits of a session one after another: what comes next is of this one.
  for (const { commit, path } of later) {
    if (path !== later[0]?.path) break;
    if (await approved(repo, commit, policy, approvers)) return commit;
  }
  return null;
}

/** `before`: the policy from which the session must have changed it; null: whichever. */
async function approved(
  repo: Repo,
  commit: string,
  { state, before: from }: { state: PolicyState; before: PolicyState | null },
  approvers: Approvers,
): Promise<boolean> {
  const before = await commitOf(repo, `${commit}^1`);
  if (!before) return false;
  for (const change of await diffTrees(repo, before, commit, ['sessions'])) {
    const id = asSessionId(/^sessions\/([^/]+)\/metadata\.json$/.exec(change.path)?.[1] ?? '');
    if (!id || change.status === 'D') continue;
    for (const tag of await backupTags(repo, id)) {
      const signed = await readSigned(repo, tag);
      if (signed?.type !== 'tag' || !(await verifySigned(signed, approvers)).ok) continue;
      const message = signed.payload.toString('utf8');
      const manifest = parseTagMessage(message.slice(message.indexOf('\n\n') + 2))?.manifest;
      const seal = signed.points[0];
      if (!manifest || !seal || manifest.session !== id || manifest.seal !== seal) continue;
      if ((await oidAt(repo, seal, sessionPaths(id).metadata)) !== change.newOid) continue;
      const [landed, was] = await policyStates(repo, [await landedTree(repo, manifest.landed_tree, manifest.base, seal), manifest.base]);
      if (landed === state && (from === null || was === from)) return true;
    }
  }
  return false;
}

/** The tree that was approved; where this clone does not have it, merging again gives it. */
async function landedTree(repo: Repo, tree: string, base: string, seal: string): Promise<string> {
  if (await oidAt(repo, tree, '')) return tree;
  if (!(await commitOf(repo, base))) return tree;
  const again = await mergeTree(repo, base, seal);
  return 'tree' in again && again.tree === tree ? again.tree : tree;
}

/** Tag objects of `backup/<id>`, `backup/<id>.2` … */
async function backupTags(repo: Repo, id: SessionId): Promise<string[]> {
  const all = await refIds(repo, 'refs/tags/backup/');
  return all.flatMap(({ ref, oid }) => (ref.replace(/\.\d+$/, '') === `refs/tags/backup/${id}` ? [oid] : []));
}

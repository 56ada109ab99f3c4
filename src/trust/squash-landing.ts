/** A forge's squash of an approved session carries no approver's signature; the session's signed tag speaks for it. */

import { parseTagMessage } from '../core/manifest-text.ts';
import { sessionPaths } from '../core/metadata.ts';
import { asSessionId, type SessionId } from '../core/session-id.ts';
import { refIds } from '../git/ids.ts';
import { mergeTree } from '../git/merge-tree.ts';
import { diffTrees, oidAt } from '../git/objects.ts';
import { commitOf } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { readSigned } from '../git/signed.ts';
import type { Approvers } from './approvers.ts';
import { type PolicyState, policyStates } from './policy-steps.ts';
import { verifySigned } from './signature.ts';

/**
 * True where `commit` brought a session whose tag verifies under `approvers`: the seal's metadata is the one in the commit,
 * and the landed tree that was signed has the commit's policy files.
 */
export async function landedBySquash(repo: Repo, commit: string, state: PolicyState, approvers: Approvers): Promise<boolean> {
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
      const [landed] = await policyStates(repo, [await landedTree(repo, manifest.landed_tree, manifest.base, seal)]);
      if (landed === state) return true;
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

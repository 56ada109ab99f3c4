/** The landed tree, the manifest, the signed merge commit and the signed tag: all objects, each verified as soon as it exists. No ref moves. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { manifestText, mergeMessage, tagMessage } from '../../core/closeout/manifest-text.ts';
import { stateError } from '../../core/errors.ts';
import { mergeTree } from '../../git/merge-tree.ts';
import type { Repo } from '../../git/run.ts';
import { verifyObject } from '../../trust/signature.ts';
import { announcement, signedCommit, signedTag } from '../../trust/signing.ts';
import type { Progress } from '../prepare/bring-in.ts';
import { lessonsTree } from '../prepare/lessons.ts';
import type { Prepared } from '../prepare/prepare.ts';
import type { ApprovingKey } from './approver.ts';
import { type Seal, sha256 } from './seal.ts';

export interface SignRequest {
  prepared: Prepared;
  seal: Seal;
  key: ApprovingKey;
  presence: Manifest['presence'];
  approvedAt: string;
  /** Where base moved after the question: the base that the person saw. */
  reviewedBase: string | null;
  accepted: string[];
  /** Short name of the tag: `backup/<id>`, or with `.2` behind. */
  tagName: string;
  /** Told what the key is about to ask for, and where a passphrase is asked for once more. */
  tell?: Progress | undefined;
  /** False: only the tag is signed (a session that lands by pull request). */
  merge: boolean;
}

export interface Signed {
  manifest: Manifest;
  /** The signed merge commit; null where only the tag was asked for. */
  merge: string | null;
  tag: string;
}

/** Signs, and verifies against the approvers in force. Throws (exit 1) where a signature is missing or not the approver's. */
export async function sign(repo: Repo, request: SignRequest): Promise<Signed> {
  const { prepared, seal, key } = request;
  const manifest = await manifestOf(repo, request);
  let merge: string | null = null;
  if (request.merge) {
    const message = mergeMessage({
      // Checks may have run again since the seal was read.
      facts: { ...seal.facts, checks: prepared.checks },
      manifest,
      manifestSha256: sha256(manifestText(manifest)),
      backupSha256: seal.backupSha256,
    });
    // The tip of an abandoned session is no ancestor of base: whoever goes on from it later would lose its files.
    const parents = prepared.lessonsOnly ? [prepared.base.commit] : [prepared.base.commit, seal.commit];
    announce(request, 'the merge commit (1 of 2)');
    merge = await signedCommit(repo, { tree: manifest.landed_tree, parents, message }, key.signer, request.tell);
    await mustVerify(repo, merge, request);
  }
  announce(request, `the tag ${request.tagName}${request.merge ? ' (2 of 2)' : ''}`);
  const tag = await signedTag(
    repo,
    { name: request.tagName, target: seal.commit, message: tagMessage(manifest) },
    key.signer,
    request.tell,
  );
  await mustVerify(repo, tag, request);
  return { manifest, merge, tag };
}

function announce({ key, tell }: SignRequest, what: string): void {
  const asks = announcement(key.signer, what);
  if (asks) tell?.(asks);
}

async function manifestOf(repo: Repo, request: SignRequest): Promise<Manifest> {
  const { prepared, seal, key } = request;
  const { session, base, policy } = prepared;
  const landed = prepared.lessonsOnly
    ? { tree: await lessonsTree(repo, session.id, base.commit, seal.commit) }
    : await mergeTree(repo, base.commit, seal.commit);
  if ('conflicts' in landed) {
    throw stateError({ what: `The sealed session conflicts with ${base.branch}.`, why: landed.conflicts.join('\n') });
  }
  const patterns = seal.facts.patterns;
  return {
    version: 1,
    session: session.id,
    base_branch: base.branch,
    base: base.commit,
    tip: session.tip,
    checked_tree: prepared.tree,
    seal: seal.commit,
    landed_tree: landed.tree,
    patch_id: prepared.patchId,
    reviewed_base: request.reviewedBase,
    closed_at: seal.facts.closed_at,
    approved_at: request.approvedAt,
    approver: key.approver,
    presence: request.presence,
    policy: policy.local === null ? { branch: policy.branch, commit: policy.commit, root: policy.root } : 'local',
    checks: prepared.checks,
    files: seal.files,
    patterns: {
      kept: patterns.filter((pattern) => pattern.kept).map((pattern) => pattern.key),
      dropped: patterns.filter((pattern) => !pattern.kept).map((pattern) => pattern.key),
      edited: patterns.filter((pattern) => pattern.kept && pattern.edited).map((pattern) => pattern.key),
    },
    accepted: request.accepted,
    lessons_only: prepared.lessonsOnly,
  };
}

/** git can exit 0 with an unsigned tag, and `%G?` says good for a key that is listed under somebody else. */
async function mustVerify(repo: Repo, oid: string, { prepared, key }: SignRequest): Promise<void> {
  const { principal } = key.approver;
  const verdict = await verifyObject(repo, oid, prepared.policy.approvers, { expected: principal });
  if (verdict.ok && verdict.principal === principal) return;
  throw stateError({
    what: 'The new signature does not verify against the approvers, so nothing was changed.',
    why: verdict.ok ? `It is good for ${verdict.principal} and not for ${principal}.` : verdict.why,
  });
}

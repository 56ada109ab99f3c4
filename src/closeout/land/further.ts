/** Further approvals of a sealed session: signed tags `approval/<id>/<key>` on the same seal, naming the manifest that was approved first. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { parseTagMessage } from '../../core/closeout/manifest-text.ts';
import { stateError, verificationError } from '../../core/errors.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { canonicalJson } from '../../core/text/json.ts';
import { oidOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { readSigned } from '../../git/signed.ts';
import type { Approvers } from '../../trust/approvers.ts';
import { verifyObject, verifySigned } from '../../trust/signature.ts';
import { announcement, signedTag } from '../../trust/signing.ts';
import { backupTags } from '../landed/landings.ts';
import type { ApprovingKey } from './approver.ts';
import { sha256 } from './seal.ts';

export interface FirstApproval {
  /** Hex sha256 of the manifest's line with its LF. */
  manifestSha256: string;
  principal: string;
}

/** The approval that a backup tag on this seal holds, or null where there is none. Throws (exit 4) where the tag does not verify. */
export async function firstApproval(repo: Repo, id: SessionId, seal: string, approvers: Approvers): Promise<FirstApproval | null> {
  const tag = (await backupTags(repo, id)).find((candidate) => candidate.seal === seal);
  return tag ? approvalIn(repo, tag.ref.replace('refs/tags/', ''), tag.oid, approvers) : null;
}

/** The approval that a backup tag's object holds. Throws (exit 4) where it does not verify. */
export async function approvalIn(repo: Repo, name: string, oid: string, approvers: Approvers): Promise<FirstApproval> {
  const signed = await readSigned(repo, oid);
  const said = signed ? parseTagMessage(signed.payload.toString('utf8').split('\n\n').slice(1).join('\n\n')) : null;
  const verdict = signed ? await verifySigned(signed, approvers, said ? { expected: said.manifest.approver.principal } : {}) : null;
  if (said && verdict?.ok && verdict.principal) return { manifestSha256: sha256(said.text), principal: verdict.principal };
  throw verificationError({
    what: `The tag ${name} is on this seal, and is no approval that counts.`,
    why: verdict && !verdict.ok ? verdict.why : 'It carries no manifest.',
    next: `Look at it with: git show ${name}`,
  });
}

/** `approval/<id>/<key>`: the fingerprint in letters that a ref may have. */
export function approvalTagName(id: SessionId, key: string): string {
  return `approval/${id}/${key
    .replace(/^SHA256:/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_')}`;
}

/** Throws (exit 1) where this approver has approved the seal already. */
export async function refuseTwice(repo: Repo, id: SessionId, first: FirstApproval, { approver }: ApprovingKey): Promise<void> {
  const again = first.principal === approver.principal || (await oidOf(repo, `refs/tags/${approvalTagName(id, approver.key)}`)) !== null;
  if (again)
    throw stateError({
      what: `${approver.principal} has approved this session already.`,
      next: `See who did with: git session verify ${id}\nPush it with: git session approve --push ${id}`,
    });
}

export interface FurtherRequest {
  id: SessionId;
  seal: string;
  first: FirstApproval;
  key: ApprovingKey;
  presence: Manifest['presence'];
  approvedAt: string;
  approvers: Approvers;
  /** Told what the key is about to ask for, and where a passphrase is asked for once more. */
  tell?: ((line: string) => void) | undefined;
}

/** The signed tag object of one more approval, verified. Throws (exit 1) where it could not be signed. */
export async function signFurther(repo: Repo, request: FurtherRequest): Promise<{ name: string; oid: string }> {
  const { id, seal, first, key, presence, approvedAt } = request;
  const name = approvalTagName(id, key.approver.key);
  const said = {
    version: 1,
    session: id,
    seal,
    manifest: `sha256:${first.manifestSha256}`,
    approver: { ...key.approver },
    presence,
    approved_at: approvedAt,
  };
  const message = `Approval of ${id}\n\n${canonicalJson(said)}\n`;
  const asks = announcement(key.signer, `the tag ${name}`);
  if (asks) request.tell?.(asks);
  const oid = await signedTag(repo, { name, target: seal, message }, key.signer, request.tell);
  const verdict = await verifyObject(repo, oid, request.approvers, { expected: key.approver.principal });
  if (verdict.ok && verdict.principal === key.approver.principal) return { name, oid };
  throw stateError({ what: 'The new signature does not verify against the approvers, so nothing was changed.', why: verdict.why });
}

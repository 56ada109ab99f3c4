/** Who approved a session: the backup tag, and further approvals as signed tags `approval/<id>/<key>` on the same seal. */

import { asSessionId, type SessionId } from '../../core/session-id.ts';
import { listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { readSigned } from '../../git/signed.ts';
import { verifySigned } from '../../trust/signature.ts';
import type { Judges } from './policy-line.ts';

export interface ApprovalTag {
  id: SessionId;
  ref: string;
  oid: string;
}

/** Approval tags of one session, or of all. One process. */
export async function approvalTags(repo: Repo, only?: SessionId): Promise<ApprovalTag[]> {
  const rows = await listRefs(repo, [only ? `refs/tags/approval/${only}/` : 'refs/tags/approval/']);
  return rows.flatMap(({ ref, oid }) => {
    const id = asSessionId(ref.slice('refs/tags/approval/'.length).split('/')[0] ?? '');
    return id ? [{ id, ref, oid }] : [];
  });
}

/** The principal whose approval a tag is, or null: on another seal, of another manifest, or not signed by an approver. */
export async function approvalBy(
  repo: Repo,
  tag: ApprovalTag,
  approved: { seal: string; manifestSha256: string },
  judges: Judges,
): Promise<string | null> {
  const signed = await readSigned(repo, tag.oid);
  if (signed?.type !== 'tag' || signed.points[0] !== approved.seal) return null;
  const message = signed.payload.toString('utf8');
  const names = `tag ${tag.ref.slice('refs/tags/'.length)}\n`;
  if (!message.includes(`\n${names}`) || !message.includes(`sha256:${approved.manifestSha256}`)) return null;
  const verdict = await verifySigned(signed, judges.approvers);
  return verdict.ok ? verdict.principal : null;
}

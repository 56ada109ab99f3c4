/** Who approved a session: the backup tag, and further approvals as signed tags `approval/<id>/<key>` on the same seal. */

import { z } from 'zod';
import { asSessionId, type SessionId } from '../../core/session/session-id.ts';
import { canonicalJson, parseJson } from '../../core/text/json.ts';
import type { Finding } from '../../core/verify/finding.ts';
import { judgePresence } from '../../core/verify/presence.ts';
import { header, parseRawObject } from '../../core/verify/raw-object.ts';
import { listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { readSigned } from '../../git/signed.ts';
import { verifySigned } from '../../trust/signature.ts';
import { readSshSignature } from '../../trust/ssh-key.ts';
import type { Judges } from './policy-line.ts';

export interface ApprovalTag {
  id: SessionId;
  ref: string;
  oid: string;
  /** What it points at; empty for a lightweight tag. */
  seal: string;
}

/** Approval tags of one session, or of all. One process. */
export async function approvalTags(repo: Repo, only?: SessionId): Promise<ApprovalTag[]> {
  const rows = await listRefs(repo, [only ? `refs/tags/approval/${only}/` : 'refs/tags/approval/']);
  return rows.flatMap(({ ref, oid, peeled }) => {
    const id = asSessionId(ref.slice('refs/tags/approval/'.length).split('/')[0] ?? '');
    return id ? [{ id, ref, oid, seal: peeled }] : [];
  });
}

/** What further approvals must be of. */
export interface Approved {
  id: SessionId;
  seal: string;
  manifestSha256: string;
}

/** The principal whose approval a tag is, or null: on another seal, of another manifest, or not signed by the approver that it names. */
export async function approvalBy(repo: Repo, tag: ApprovalTag, approved: Approved, judges: Judges): Promise<string | null> {
  const signed = await readSigned(repo, tag.oid);
  if (signed?.type !== 'tag' || signed.points[0] !== approved.seal) return null;
  const said = saidBy(tag, signed.payload.toString('utf8'), approved);
  if (!said || judgePresence(said, judges.policy.presence, readSshSignature(signed.signature ?? '')?.type ?? null).some(isFault))
    return null;
  const verdict = await verifySigned(signed, judges.approvers, { expected: said.approver.principal });
  return verdict.ok && verdict.principal === said.approver.principal && verdict.key === said.approver.key ? verdict.principal : null;
}

const isFault = ({ level }: Finding) => level !== 'note';

const schema = z.strictObject({
  version: z.literal(1),
  session: z.string(),
  seal: z.string(),
  manifest: z.string(),
  approver: z.strictObject({ principal: z.string(), key: z.string(), format: z.enum(['ssh', 'gpg']) }),
  presence: z.enum(['terminal', 'prompt', 'security-key', 'none']),
  approved_at: z.string(),
});

/** What the tag's message says, where it is about this very seal and manifest, under its own name, and in canonical form. */
function saidBy(tag: ApprovalTag, payload: string, { id, seal, manifestSha256 }: Approved): z.infer<typeof schema> | null {
  const object = parseRawObject(payload, 'tag');
  if (!object || header(object, 'tag') !== tag.ref.slice('refs/tags/'.length)) return null;
  const text = new RegExp(`^Approval of ${id}\\n\\n([^\\n]*)\\n$`).exec(object.message)?.[1];
  const parsed = schema.safeParse(parseJson(text ?? ''));
  if (!parsed.success || canonicalJson(parsed.data) !== text) return null;
  const { session, manifest, seal: sealed } = parsed.data;
  return session === id && sealed === seal && manifest === `sha256:${manifestSha256}` ? parsed.data : null;
}

/** What a session's backup tag says about its approval. It is read here, not verified: `verify` does that. */

import { parseTagMessage } from '../../core/closeout/manifest-text.ts';
import { listRefNames } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { readTag } from '../../git/tags.ts';
import type { Session } from './session.ts';

export interface Approval {
  /** Short name of the tag. */
  tag: string;
  /** The commit that it names: the seal. */
  seal: string;
  approver: string;
  /** Fingerprint of the key. */
  key: string;
  /** ISO 8601 UTC. */
  approved_at: string;
  presence: string;
  checks: { name: string; status: string; required: boolean }[];
  patterns_kept: string[];
}

/** Null where no tag of ours names the session. */
export async function approvalOf(repo: Repo, session: Session): Promise<Approval | null> {
  const names = await listRefNames(repo, [`refs/tags/backup/${session.id}`, `refs/tags/backup/${session.id}.*`]);
  const ref = names.at(-1);
  const tag = ref ? await readTag(repo, ref) : null;
  const manifest = tag ? parseTagMessage(tag.message)?.manifest : null;
  if (!ref || !tag || !manifest || manifest.session !== session.id) return null;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const rows = Array.isArray(manifest.checks) ? manifest.checks : [];
  const kept = Array.isArray(manifest.patterns?.kept) ? manifest.patterns.kept : [];
  return {
    tag: ref.slice('refs/tags/'.length),
    seal: tag.target,
    approver: text(manifest.approver?.principal),
    key: text(manifest.approver?.key),
    approved_at: text(manifest.approved_at),
    presence: text(manifest.presence),
    checks: rows.map((row) => ({ name: text(row.name), status: text(row.status), required: row.required === true })),
    patterns_kept: kept.map(text),
  };
}

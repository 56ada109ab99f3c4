/** The manifest as a strict schema: what a tag must carry to be understood. */

import { z } from 'zod';
import type { Manifest } from '../../core/manifest.ts';
import { asSessionId, type SessionId } from '../../core/session-id.ts';

const oid = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const moment = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();

const check = z.strictObject({
  name: z.string().min(1),
  source: z.enum(['built-in', 'policy']),
  required: z.boolean(),
  status: z.enum(['passed', 'failed', 'timed-out', 'not-recorded', 'not-needed', 'not-run']),
  detail: z.string(),
  tree: oid,
  exit_code: z.int().nullable(),
  duration_ms: z.number().nonnegative().nullable(),
  coverage: z.number().min(0).max(100).nullable(),
  tests: z.strictObject({ total: count, passed: count, failed: count, skipped: count }).nullable(),
  log_sha256: digest.nullable(),
  inputs_changed: z.array(z.string()),
  reused_from: moment.nullable(),
});

const schema = z.strictObject({
  version: z.literal(1),
  session: z.custom<SessionId>((value) => typeof value === 'string' && asSessionId(value) !== null, 'not a session id'),
  base_branch: z.string().min(1),
  base: oid,
  tip: oid,
  checked_tree: oid,
  seal: oid,
  landed_tree: oid,
  patch_id: oid.nullable(),
  reviewed_base: oid.nullable(),
  closed_at: moment,
  approved_at: moment,
  approver: z.strictObject({ principal: z.string().min(1), key: z.string().min(1), format: z.enum(['ssh', 'gpg']) }),
  presence: z.enum(['terminal', 'prompt', 'security-key', 'none']),
  policy: z.strictObject({ branch: z.string().min(1), commit: oid, root: z.string().min(1) }),
  checks: z.array(check),
  files: z.record(z.string(), digest),
  patterns: z.strictObject({ kept: z.array(z.string()), dropped: z.array(z.string()) }),
  accepted: z.array(z.string()),
});

/** The manifest, or the first place where the value is none. */
export function parseManifest(value: unknown): { manifest: Manifest } | { wrong: string } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { manifest: parsed.data satisfies Manifest };
  const issue = parsed.error.issues[0];
  return { wrong: issue ? `${issue.path.join('.') || 'its whole'}: ${issue.message}` : 'unreadable' };
}

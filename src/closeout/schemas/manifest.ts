/** The manifest: the canonical JSON that is signed, the last line of the message of the tag `backup/<id>`. */

import { z } from 'zod';
import { blob as oid, sessionId, version } from './parts.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const moment = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();

const check = z.strictObject({
  name: z.string().min(1).describe('Name of the check'),
  source: z.enum(['built-in', 'policy']).describe('One of ours, or a command of the policy'),
  required: z.boolean().describe('Whether it had to pass'),
  status: z
    .enum(['passed', 'failed', 'timed-out', 'not-recorded', 'not-needed', 'not-run'])
    .describe('What it came to; only passed is a pass'),
  detail: z.string().describe('Why it failed, is not needed or is not recorded, or what passed'),
  tree: oid.describe('The tree that it ran on: the checked tree'),
  exit_code: z.int().nullable().describe('Exit code of the command; null without one'),
  duration_ms: z.number().nonnegative().nullable().describe('How long it took, in milliseconds'),
  coverage: z.number().min(0).max(100).nullable().describe('Percent of lines covered; null where nothing said so'),
  tests: z
    .strictObject({
      total: count.describe('Tests found'),
      passed: count.describe('Tests that passed'),
      failed: count.describe('Tests that failed'),
      skipped: count.describe('Tests that did not run'),
    })
    .nullable()
    .describe('Tests counted in its output; null where none were'),
  log_sha256: digest.nullable().describe('Hex sha256 of the captured output'),
  inputs_changed: z.array(z.string()).describe('What the session did to the inputs of the check'),
  reused_from: moment.nullable().describe('When it ran, where an earlier result stands in; null: it ran for this approval'),
});

export const manifestSchema = z.strictObject({
  version,
  session: sessionId,
  base_branch: z.string().min(1).describe('Short name of the branch that it lands on'),
  base: oid.describe('Commit of base that it lands on'),
  tip: oid.describe("The session's commit before the seal"),
  checked_tree: oid.describe('Base merged with the tip: what the checks ran on'),
  seal: oid.describe("The session's last commit, which the tag points at"),
  landed_tree: oid.describe('Base merged with the seal: what lands'),
  patch_id: oid.nullable().describe('git patch-id --verbatim of base to checked tree; null for no change, or where git is too old'),
  reviewed_base: oid.nullable().describe('The base that the approver saw, where it moved afterwards; else null'),
  closed_at: moment.describe('When it was sealed'),
  approved_at: moment.describe('When it was approved'),
  approver: z
    .strictObject({
      principal: z.string().min(1).describe('Who, as the list of approvers names them'),
      key: z.string().min(1).describe('Fingerprint of the key'),
      format: z.enum(['ssh', 'gpg']).describe('Kind of the key'),
    })
    .describe('Who approved, and signed this'),
  presence: z.enum(['terminal', 'prompt', 'security-key', 'none']).describe('Who had to be there; none: approved unattended'),
  policy: z
    .strictObject({
      branch: z.string().min(1).describe('Short name of the policy branch'),
      commit: oid.describe('Its commit whose policy was in force'),
      root: z.string().min(1).describe('The first commit that held policy'),
    })
    .or(z.literal('local'))
    .describe("What it was judged by; local: by a policy of the approver's clone alone, which no history holds"),
  checks: z.array(check).describe('Results on the checked tree'),
  files: z.record(z.string(), digest).describe('Hex sha256 of every file that the seal wrote, by path'),
  patterns: z
    .strictObject({
      kept: z.array(z.string()).describe('Keys of patterns that were kept'),
      dropped: z.array(z.string()).describe('Keys of patterns that were not'),
      edited: z.array(z.string()).describe("Keys of kept patterns that landed in a person's own version"),
    })
    .describe('What became of the patterns that the session proposed'),
  accepted: z.array(z.string()).describe('What the approver accepted knowingly, in words'),
  lessons_only: z.boolean().describe('The session was abandoned: what it learned lands, and none of its changes'),
});

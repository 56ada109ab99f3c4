/** The canonical JSON that a person approves and signs, carried by the tag (design "Closeout"). Types; building is pure too. */

import type { CheckResult, Policy } from '../policy/policy.ts';
import type { SessionId } from '../session/session-id.ts';

export interface Approver {
  /** The principal as `.swarm/allowed_signers` names it (an e-mail address), or the gpg user id's address. */
  principal: string;
  /** Fingerprint of the key: `SHA256:…` for ssh, hex for gpg. */
  key: string;
  format: 'ssh' | 'gpg';
}

export interface Manifest {
  version: 1;
  session: SessionId;
  /** Short name of base. */
  base_branch: string;
  /** Full object ids. B: base at landing; T: tip before the seal; K: checked tree; S: the seal; L: landed tree. */
  base: string;
  tip: string;
  checked_tree: string;
  seal: string;
  landed_tree: string;
  /** `git patch-id --verbatim` of base to checked tree; null for no change, or where git is too old. */
  patch_id: string | null;
  /** Where base moved after the question: the base that the person saw. */
  reviewed_base: string | null;
  closed_at: string;
  /** The moment of the approval, ISO. */
  approved_at: string;
  approver: Approver;
  presence: Policy['presence'];
  /** The commit of the policy branch whose policy was in force, and that branch; `local`: a policy of the approver's clone alone. */
  policy: { branch: string; commit: string; root: string } | 'local';
  checks: CheckResult[];
  /** sha256 (hex) of each file that the seal wrote, by path. */
  files: Record<string, string>;
  /** Keys of proposed patterns; `edited`: those of the kept ones that landed in the person's own version. */
  patterns: { kept: string[]; dropped: string[]; edited: string[] };
  /** What the person accepted knowingly (failed or unrecorded checks, strays, policy changes, findings), in words. */
  accepted: string[];
  /** The session was abandoned: what it learned lands, and none of its changes. */
  lessons_only: boolean;
}

/** What every audit of this clone starts from: the policy branch, its root, and the branches that sessions land on. */

import { stateError, verificationError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { isAncestor, listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { type EffectivePolicy, effectivePolicy } from '../../trust/policy-chain.ts';
import { type Judges, judgesOf, type PolicyLine, policyLine } from './policy-line.ts';

export interface AuditOptions {
  /** The policy root as a stranger was told it (a commit id, at least 12 digits): another one stops the audit. */
  policyRoot?: string | undefined;
  /** Reach every verdict anew. */
  noCache?: boolean;
  /** Told once, when this clone first sees its policy branch and root. */
  onPinned?: (text: string) => void;
}

/** A branch that is looked at. */
export interface AuditedBase {
  /** As people name it: `main` or `origin/main`. */
  name: string;
  /** Short name without a remote. */
  branch: string;
  tip: string;
}

export interface Audit {
  repo: Repo;
  policy: EffectivePolicy;
  noCache: boolean;
  /** The branches to look at for a base (short name), the best first; empty where this clone has none. */
  bases(branch: string): Promise<AuditedBase[]>;
  line(branch: string, tip: string): Promise<PolicyLine>;
  judges(source: string): Promise<Judges>;
}

/**
 * Opens an audit. Throws (exit 1) in a shallow clone, and (exit 4) where the policy does not begin at the pinned or stated root.
 * Replaced objects and grafts of this clone do not count.
 */
export async function openAudit(given: Repo, options: AuditOptions = {}): Promise<Audit> {
  if (given.shallow) {
    throw stateError({
      what: 'This clone is shallow, so the history that proves a session is not all here.',
      next: 'Deepen it with: git fetch --unshallow --tags',
    });
  }
  const repo = { ...given, env: { ...given.env, GIT_NO_REPLACE_OBJECTS: '1', GIT_GRAFT_FILE: '/dev/null' } };
  const policy = await effectivePolicy(repo, { fresh: true, ...(options.onPinned ? { onPinned: options.onPinned } : {}) });
  checkRoot(policy, options.policyRoot);
  const judges = judgesOf(repo, policy.branch);
  const lines = new Map<string, Promise<PolicyLine>>();
  return {
    repo,
    policy,
    noCache: options.noCache === true,
    bases: (branch) => basesOf(repo, branch),
    line: (branch, tip) => remembered(lines, tip, () => policyLine(repo, branch, tip)),
    judges,
  };
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

function checkRoot(policy: EffectivePolicy, stated: string | undefined): void {
  if (stated === undefined) return;
  if (/^[0-9a-f]{12,64}$/.test(stated) && policy.root !== '' && policy.root.startsWith(stated)) return;
  throw verificationError({
    what: `The policy of this repository does not begin at the stated root ${oneLine(stated, 70)}.`,
    why: policy.root === '' ? `${policy.branch} holds no policy.` : `On ${policy.branch} it begins at ${policy.root}.`,
    next: 'Ask the project for its policy root, and say at least 12 digits of it.',
  });
}

/** The local branch and the remotes' copies; one that another contains is left out. */
export async function basesOf(repo: Repo, branch: string): Promise<AuditedBase[]> {
  const rows = await listRefs(repo, [`refs/heads/${branch}`, `refs/remotes/*/${branch}`]);
  const found: AuditedBase[] = [];
  for (const { ref, oid } of rows) {
    const base = { name: ref.replace(/^refs\/(heads|remotes)\//, ''), branch, tip: oid };
    if (found.some(({ tip }) => tip === oid)) continue;
    const inside = await Promise.all(found.map(({ tip }) => isAncestor(repo, oid, tip)));
    if (inside.includes(true)) continue;
    const outside = await Promise.all(found.map(({ tip }) => isAncestor(repo, tip, oid)));
    found.splice(0, found.length, ...found.filter((_, i) => !outside[i]), base);
  }
  return found;
}

/** Judging what a policy of one clone approved: nothing of that policy is known, so that only what the objects themselves prove is said. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { DEFAULT_POLICY, type Policy } from '../../core/policy/policy.ts';
import { signerLine } from '../../core/policy/signers.ts';
import { type Finding, unverified } from '../../core/verify/finding.ts';
import type { SignedObject } from '../../git/signed.ts';
import { keyFingerprint, readSshSignature } from '../../trust/ssh-key.ts';
import type { Judges } from './policy-line.ts';

/** Asks for nothing: what the policy may have asked for cannot be held against the approval, nor for it. */
const ASKS_NOTHING: Policy = {
  ...DEFAULT_POLICY,
  presence: 'none',
  land: { ...DEFAULT_POLICY.land, by: 'pr', artifacts: 'tag' },
  memory: { ...DEFAULT_POLICY.memory, namespaces: {} },
};

export const UNAUDITED = unverified(
  'policy-local',
  'policy: local, unaudited. It was approved by a policy of one clone alone, and no history shows who could approve or which checks had to pass.',
);

/** Judges by whom nobody is vouched for: the key that signed is good for the name that the manifest gives it, and for no other object. */
export function localJudges(manifest: Manifest, signed: SignedObject | null): Judges {
  const key = readSshSignature(signed?.signature ?? '');
  const { principal } = manifest.approver;
  const isNamed = key !== null && keyFingerprint(key.key) === manifest.approver.key && /^[^\s",!*?#]+$/.test(principal);
  const signers = isNamed ? `${signerLine(principal, `${key.type} ${key.key}`)}\n` : '';
  return { policy: ASKS_NOTHING, approvers: { signers, gpg: [] }, source: '' };
}

/** A gpg signature brings no key along, so that nothing is told of it: that it does not verify here is no fault. */
export function withoutKey(findings: readonly Finding[], { approver }: Manifest): Finding[] {
  if (approver.format === 'ssh') return [...findings];
  return findings.map((finding) =>
    /^(tag|merge)-signature$/.test(finding.code)
      ? unverified(finding.code, 'It is signed with gpg, and no history holds the key that could show by whom.')
      : finding,
  );
}

/** Judging who was there when a session was approved. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import type { Policy } from '../policy/policy.ts';
import { type Finding, failed, noted } from './finding.ts';

/** From nobody to a person with a key in hand; a stricter presence than policy asks for is fine. */
const ORDER: readonly Policy['presence'][] = ['none', 'prompt', 'terminal', 'security-key'];

/** `keyType`: type of the ssh key that signed, or null. */
export function judgePresence(manifest: Pick<Manifest, 'presence'>, policy: Policy['presence'], keyType: string | null): Finding[] {
  const findings: Finding[] = [];
  if (ORDER.indexOf(manifest.presence) < ORDER.indexOf(policy)) {
    findings.push(failed('presence', `Policy asked for presence: ${policy}; the approval was given with presence: ${manifest.presence}.`));
  }
  if (manifest.presence === 'security-key' && !keyType?.startsWith('sk-')) {
    findings.push(failed('presence-key', 'The approval says that a security key signed, but the key is none.'));
  }
  if (manifest.presence === 'none') findings.push(noted('unattended', 'Approved unattended: policy asked for no person (presence: none).'));
  return findings;
}

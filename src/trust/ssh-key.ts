/** ssh public keys and signatures as bytes: fingerprints, and what a signature says of itself. No process. */

import { createHash } from 'node:crypto';

/** `SHA256:…` of a base64 public key. */
export function keyFingerprint(key: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

export interface SshSignature {
  /** The signing public key, base64. */
  key: string;
  /** Its type: `ssh-ed25519`, `sk-ssh-ed25519@openssh.com`, a certificate type … */
  type: string;
  namespace: string;
}

/** What an armoured ssh signature claims, or null where it is none (PROTOCOL.sshsig). Nothing is verified here. */
export function readSshSignature(armour: string): SshSignature | null {
  const body = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\s*$/.exec(armour)?.[1];
  if (!body) return null;
  const bytes = Buffer.from(body.replaceAll('\n', ''), 'base64');
  if (bytes.toString('latin1', 0, 6) !== 'SSHSIG' || bytes.length < 14 || bytes.readUInt32BE(6) !== 1) return null;
  const key = stringAt(bytes, 10);
  const namespace = key && stringAt(bytes, 14 + key.length);
  const type = key && stringAt(key, 0);
  return key && namespace && type
    ? { key: key.toString('base64'), type: type.toString('latin1'), namespace: namespace.toString('utf8') }
    : null;
}

/** A length-prefixed string of ssh's wire format, or null where it does not fit. */
function stringAt(bytes: Buffer, at: number): Buffer | null {
  if (at + 4 > bytes.length) return null;
  const length = bytes.readUInt32BE(at);
  return at + 4 + length <= bytes.length ? bytes.subarray(at + 4, at + 4 + length) : null;
}

/** `type base64 comment` of a public key line, or null. */
export function parsePublicKey(line: string): { type: string; key: string; comment: string } | null {
  const match = /^((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+=*)(?:\s+(.*))?$/.exec(line.trim());
  return match ? { type: match[1] ?? '', key: match[2] ?? '', comment: match[3] ?? '' } : null;
}

/** True for a key that lives in hardware and asks for a touch. */
export function isSecurityKey(type: string): boolean {
  return type.startsWith('sk-');
}

/**
 * Verifying an ssh signature in this process, in microseconds where ssh-keygen takes 19 ms. Only a yes counts: what is not known here
 * (hardware keys, certificates, dates, patterns) or does not hold is left to ssh-keygen. Hot path: node built-ins only.
 */

import type { JsonWebKey, KeyObject } from 'node:crypto';
import { parseSigners } from '../core/policy/signers.ts';

/** The parts of an armoured signature (PROTOCOL.sshsig), each as it stands there; null where it is not exactly one. */
interface Parts {
  key: Buffer;
  hash: 'sha256' | 'sha512';
  scheme: string;
  signature: Buffer;
}

/** The names for which the key that made this signature of `payload`, as git's, is an approver's; empty where that is not known here. */
export function provenNames(payload: Uint8Array, armour: string, signers: string): string[] {
  const claim = readClaim(payload, armour, signers);
  if (!claim) return [];
  try {
    return process.getBuiltinModule('node:crypto').verify(...claim.question) ? claim.names : [];
  } catch {
    return [];
  }
}

/** As provenNames, computed beside this thread: many at once take the time of few. */
export async function provenNamesBeside(payload: Uint8Array, armour: string, signers: string): Promise<string[]> {
  const claim = readClaim(payload, armour, signers);
  if (!claim) return [];
  const { verify } = process.getBuiltinModule('node:crypto');
  const asked = new Promise<boolean>((resolve) => verify(...claim.question, (error, holds) => resolve(!error && holds)));
  return (await asked.catch(() => false)) ? claim.names : [];
}

/** The names of a key where the whole file is plain: every line is understood, and the key's own lines have no dates and no patterns. */
function plainNames(text: string, key: Buffer): string[] {
  const lines = parseSigners(text);
  const written = text.split('\n').filter((line) => !/^[ \t\r]*(#|$)/.test(line));
  if (lines.length !== written.length) return [];
  const base64 = key.toString('base64');
  const own = lines.filter((line) => line.key === base64);
  const type = new Wire(key).string()?.toString('latin1');
  const isPlain = own.every(
    ({ options, principals, authority, type: said }) =>
      !authority && said === type && /^namespaces="git"$|^$/.test(options) && principals.every((name) => /^[^\s"!*?]+$/.test(name)),
  );
  return isPlain ? [...new Set(own.flatMap(({ principals }) => principals))] : [];
}

function readParts(armour: string): Parts | null {
  const body = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n*$/.exec(armour)?.[1];
  const bytes = Buffer.from(body?.replaceAll('\n', '') ?? '', 'base64');
  if (bytes.toString('latin1', 0, 6) !== 'SSHSIG' || bytes.length < 10 || bytes.readUInt32BE(6) !== 1) return null;
  const wire = new Wire(bytes.subarray(10));
  const [key, namespace, reserved, hash, blob] = [wire.string(), wire.string(), wire.string(), wire.string(), wire.string()];
  if (!key || !namespace || !reserved || !hash || !blob || !wire.ended) return null;
  const inner = new Wire(blob);
  const [scheme, signature] = [inner.string(), inner.string()];
  const name = hash.toString('latin1');
  if (!scheme || !signature || !inner.ended || namespace.toString('latin1') !== 'git' || reserved.length > 0) return null;
  return name === 'sha256' || name === 'sha512' ? { key, hash: name, scheme: scheme.toString('latin1'), signature } : null;
}

/** The names of the key, and what node:crypto is to be asked. */
interface Claim {
  names: string[];
  question: [digest: string | null, signed: Buffer, key: VerifyKey, signature: Buffer];
}

type VerifyKey = KeyObject | { key: KeyObject; dsaEncoding: 'ieee-p1363' };

/** Null where it is not an approver's or not known here. */
function readClaim(payload: Uint8Array, armour: string, signers: string): Claim | null {
  const parts = readParts(armour);
  if (!parts) return null;
  const names = plainNames(signers, parts.key);
  const known = names.length > 0 ? publicKey(parts.key) : null;
  const digest = known?.schemes[parts.scheme];
  const signature = known && (known.curve ? pointSignature(parts.signature, known.curve) : parts.signature);
  if (!known || digest === undefined || !signature) return null;
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hashed = createHash(parts.hash).update(payload).digest();
  const head = ['git', '', parts.hash].flatMap((text) => sized(Buffer.from(text)));
  const signed = Buffer.concat([Buffer.from('SSHSIG'), ...head, ...sized(hashed)]);
  const key: VerifyKey = known.curve ? { key: known.object, dsaEncoding: 'ieee-p1363' } : known.object;
  return { names, question: [digest, signed, key, signature] };
}

interface PublicKey {
  object: KeyObject;
  /** Digest by the name of the signature's scheme; null: the scheme has its own. */
  schemes: Readonly<Record<string, string | null>>;
  /** Bytes of a coordinate, for elliptic curves other than ed25519. */
  curve: number | null;
}

const CURVES: Readonly<Record<string, { crv: string; size: number; digest: string }>> = {
  nistp256: { crv: 'P-256', size: 32, digest: 'sha256' },
  nistp384: { crv: 'P-384', size: 48, digest: 'sha384' },
  nistp521: { crv: 'P-521', size: 66, digest: 'sha512' },
};

/** Keys already read: a project has few approvers and many signatures. */
const read = new Map<string, PublicKey | null>();

function publicKey(bytes: Buffer): PublicKey | null {
  const id = bytes.toString('latin1');
  const known = read.get(id);
  if (known !== undefined) return known;
  let key: PublicKey | null = null;
  try {
    key = parseKey(bytes);
  } catch {
    // Not a key that node:crypto takes.
  }
  read.set(id, key);
  return key;
}

function parseKey(bytes: Buffer): PublicKey | null {
  const { createPublicKey } = process.getBuiltinModule('node:crypto');
  const wire = new Wire(bytes);
  const type = wire.string()?.toString('latin1') ?? '';
  const [first, second] = [wire.string(), type === 'ssh-ed25519' ? null : wire.string()];
  if (!first || !wire.ended) return null;
  const object = (jwk: JsonWebKey) => createPublicKey({ key: jwk, format: 'jwk' });
  const text = (value: Buffer) => value.toString('base64url');
  if (type === 'ssh-ed25519' && first.length === 32) {
    return { object: object({ kty: 'OKP', crv: 'Ed25519', x: text(first) }), schemes: { 'ssh-ed25519': null }, curve: null };
  }
  if (type === 'ssh-rsa' && second && magnitude(second).length >= 256) {
    const schemes = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };
    return { object: object({ kty: 'RSA', e: text(magnitude(first)), n: text(magnitude(second)) }), schemes, curve: null };
  }
  const curve = CURVES[first.toString('latin1')];
  if (!curve || type !== `ecdsa-sha2-${first.toString('latin1')}` || second?.length !== 2 * curve.size + 1 || second[0] !== 4) return null;
  const [x, y] = [second.subarray(1, 1 + curve.size), second.subarray(1 + curve.size)];
  return {
    object: object({ kty: 'EC', crv: curve.crv, x: text(x), y: text(y) }),
    schemes: { [type]: curve.digest },
    curve: curve.size,
  };
}

/** ssh writes two numbers; node takes them side by side, each as long as the curve. */
function pointSignature(signature: Buffer, size: number): Buffer | null {
  const wire = new Wire(signature);
  const numbers = [wire.string(), wire.string()].map((value) => (value ? magnitude(value) : null));
  if (!wire.ended || numbers.some((value) => !value || value.length > size)) return null;
  return Buffer.concat(numbers.map((value) => Buffer.concat([Buffer.alloc(size - (value?.length ?? 0)), value ?? Buffer.alloc(0)])));
}

/** A number without the zeros in front. */
function magnitude(value: Buffer): Buffer {
  const at = value.findIndex((byte) => byte !== 0);
  return at < 0 ? Buffer.alloc(0) : value.subarray(at);
}

function sized(bytes: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

/** ssh's length-prefixed strings, one after another. */
class Wire {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The next string, or null where there is none. */
  string(): Buffer | null {
    if (this.at + 4 > this.bytes.length) return null;
    const begin = this.at + 4;
    const end = begin + this.bytes.readUInt32BE(this.at);
    if (end > this.bytes.length) return null;
    this.at = end;
    return this.bytes.subarray(begin, end);
  }

  get ended(): boolean {
    return this.at === this.bytes.length;
  }
}

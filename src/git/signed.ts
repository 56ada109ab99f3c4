/** Commits and tags as signed bytes: payload and signature taken from the raw object. */

import { createHash } from 'node:crypto';
import { type GitObject, readMany } from './batch.ts';
import type { Repo } from './run.ts';

export interface SignedObject {
  oid: string;
  type: 'commit' | 'tag';
  /** What was signed. */
  payload: Buffer;
  /** The armoured signature, or null. */
  signature: string | null;
  /** Why the object must not be believed whatever its signature says, or null. */
  broken: string | null;
  /** Its own committer or tagger date; null where it has none. */
  date: Date | null;
  /** Dates of its parents, or of the commit that a tag points at; those that are not in this clone are left out. */
  before: Date[];
  /** The tag's target, or the commit's parents. */
  points: string[];
}

const ARMOUR = /^-----BEGIN (SSH SIGNATURE|PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE)-----$/;

/** The commit or tag with this id, or null where there is none. */
export async function readSigned(repo: Repo, oid: string): Promise<SignedObject | null> {
  return (await readSignedMany(repo, [oid]))[0] ?? null;
}

/** As readSigned, for many ids in one process. */
export async function readSignedMany(repo: Repo, oids: readonly string[]): Promise<(SignedObject | null)[]> {
  const objects = await readMany(
    repo,
    oids.flatMap((oid) => [oid, `${oid}^1`, `${oid}^2`, `${oid}^{commit}`]),
  );
  return oids.map((oid, i) => signedOf(repo, oid, objects.slice(4 * i, 4 * i + 4)));
}

function signedOf(repo: Repo, oid: string, [own, first, second, target]: (GitObject | null)[]): SignedObject | null {
  if (!own || own.oid !== oid || (own.type !== 'commit' && own.type !== 'tag')) return null;
  const split = own.type === 'commit' ? splitCommit(own.body, repo.objectFormat) : splitTag(own.body);
  // A loose file may hold other bytes than its name says: git does not look again when it only prints.
  const broken = digest(repo, own.type, own.body) === oid ? split.broken : 'its content does not hash to its id';
  const before = (own.type === 'commit' ? [first, second] : [target]).flatMap((object) => {
    const date = object && digest(repo, object.type, object.body) === object.oid ? dateOf(object.body, 'committer') : null;
    return date ? [date] : [];
  });
  const headers = own.body.toString('utf8').split('\n\n', 1)[0] ?? '';
  return {
    oid,
    type: own.type,
    ...split,
    broken,
    date: dateOf(own.body, own.type === 'commit' ? 'committer' : 'tagger'),
    before,
    points: [...headers.matchAll(own.type === 'commit' ? /^parent ([0-9a-f]+)$/gm : /^object ([0-9a-f]+)$/gm)].map((m) => m[1] ?? ''),
  };
}

function digest(repo: Repo, type: string, body: Buffer): string {
  return createHash(repo.objectFormat).update(`${type} ${body.length}\0`).update(body).digest('hex');
}

function dateOf(body: Buffer, header: 'committer' | 'tagger'): Date | null {
  const headers = body.toString('utf8').split('\n\n', 1)[0] ?? '';
  const seconds = new RegExp(`^${header} .*> (\\d+) [+-]\\d+$`, 'm').exec(headers)?.[1];
  return seconds ? new Date(Number(seconds) * 1000) : null;
}

type Split = Pick<SignedObject, 'payload' | 'signature' | 'broken'>;

/** A commit's signature is a header of this repository's hash; every `gpgsig` header is left out of what was signed. */
function splitCommit(body: Buffer, format: Repo['objectFormat']): Split {
  const mine = format === 'sha256' ? 'gpgsig-sha256' : 'gpgsig';
  const payload: Buffer[] = [];
  const signature: string[] = [];
  let signatures = 0;
  let inside: 'mine' | 'other' | null = null;
  let at = 0;
  while (at < body.length && body[at] !== 10) {
    const end = body.indexOf(10, at) < 0 ? body.length : body.indexOf(10, at);
    const line = body.subarray(at, end + 1);
    const text = body.toString('latin1', at, end);
    at = end + 1;
    if (!(inside && text.startsWith(' '))) {
      inside = text.startsWith(`${mine} `) ? 'mine' : text.startsWith('gpgsig') ? 'other' : null;
      if (inside === 'mine') signatures++;
      if (inside === 'mine') signature.push(text.slice(mine.length + 1));
      if (!inside) payload.push(line);
    } else if (inside === 'mine') {
      signature.push(text.slice(1));
    }
  }
  payload.push(body.subarray(at));
  const armour = signatures > 0 ? `${signature.join('\n').replace(/\n+$/, '')}\n` : null;
  return {
    payload: Buffer.concat(payload),
    signature: armour,
    broken: signatures > 1 ? 'it carries more than one signature' : oneArmour(armour),
  };
}

/** A tag's signature is the end of its message, from the last line that begins one. */
function splitTag(body: Buffer): Split {
  const text = body.toString('latin1');
  let begin = -1;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    if (ARMOUR.test(text.slice(at, end))) begin = at;
    at = end + 1;
  }
  if (begin < 0) return { payload: body, signature: null, broken: null };
  const signature = text.slice(begin);
  const extra = /^gpgsig/m.test(text.slice(0, text.indexOf('\n\n'))) ? 'it carries more than one signature' : null;
  return { payload: body.subarray(0, begin), signature, broken: extra ?? oneArmour(signature) };
}

/** Text after the armour would read as signed without being so. */
function oneArmour(signature: string | null): string | null {
  if (signature === null) return null;
  const lines = signature.replace(/\n+$/, '').split('\n');
  const kind = ARMOUR.exec(lines[0] ?? '')?.[1];
  return kind && lines.indexOf(`-----END ${kind}-----`) === lines.length - 1 ? null : 'its signature is not one whole block';
}

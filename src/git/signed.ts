/** Commits and tags as signed bytes: payload and signature taken from the raw object. */

import { createHash } from 'node:crypto';
import { type GitObject, readMany } from './batch.ts';
import type { Repo } from './run.ts';
import { splitSigned } from './split-signed.ts';

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
  const split = splitSigned(own.type, own.body, repo.objectFormat);
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

/** Whether a commit or tag carries an approver's signature, judged at its own time. Never asks the person's own keyring. */

import { parseSigners } from '../core/policy/signers.ts';
import { oneLine } from '../core/text/text.ts';
import type { Repo } from '../git/run.ts';
import { readSigned, type SignedObject } from '../git/signed.ts';
import type { Approvers } from './approvers.ts';
import { verifyGpg } from './gpg.ts';
import { keyFingerprint, readSshSignature } from './ssh-key.ts';
import { provenNamesBeside } from './ssh-verify.ts';
import { privateFile, runTool, withPrivateFolder } from './tools.ts';
import type { Verdict } from './verdict.ts';

export interface VerifyOptions {
  /** Judge at this moment instead of the latest of the object's own and its parents' dates. */
  at?: Date;
  /** The principal that should have signed; preferred where the key is listed under several. Compare `principal` all the same. */
  expected?: string;
  /** Start no process: what this process cannot prove itself does not hold. For hooks. */
  quick?: boolean;
}

const NOT = { ok: false, principal: null, principals: [] as string[], key: null, format: null };

/** The verdict on the commit or tag with this id, against these approvers alone. */
export async function verifyObject(repo: Repo, oid: string, approvers: Approvers, options: VerifyOptions = {}): Promise<Verdict> {
  const object = await readSigned(repo, oid);
  return object ? verifySigned(object, approvers, options) : { ...NOT, why: 'there is no such commit or tag' };
}

/** As verifyObject, for an object already read. */
export async function verifySigned(object: SignedObject, approvers: Approvers, options: VerifyOptions = {}): Promise<Verdict> {
  const format = formatOf(object.signature);
  if (object.broken) return { ...NOT, format, why: object.broken };
  if (!object.signature) return { ...NOT, why: 'it is not signed' };
  const at = options.at ?? judgedAt(object);
  if (!format) return { ...NOT, why: 'its signature is of a kind that is not known here' };
  if (!at) return { ...NOT, format, why: 'it has no date to judge it at' };
  const proven = format === 'ssh' ? await inProcess(object.payload, object.signature, approvers, options.expected) : null;
  if (proven) return proven;
  if (options.quick) return { ...NOT, format, why: 'only ssh-keygen or gpg can check its signature' };
  const verify = format === 'ssh' ? verifySsh : verifyGpg;
  return verify(object.payload, object.signature, approvers, at, options.expected);
}

/** The moment that decides on expired keys: a back-dated object is at least as new as what it is built on. */
function judgedAt(object: Pick<SignedObject, 'date' | 'before'>): Date | null {
  if (!object.date) return null;
  return new Date(Math.max(object.date.getTime(), ...object.before.map((date) => date.getTime())));
}

function formatOf(signature: string | null): 'ssh' | 'gpg' | null {
  if (signature?.startsWith('-----BEGIN SSH SIGNATURE-----')) return 'ssh';
  return signature?.startsWith('-----BEGIN PGP ') ? 'gpg' : null;
}

/** A good verdict without a process, or null: the full check decides, and finds the words. */
async function inProcess(payload: Buffer, armour: string, approvers: Approvers, expected?: string): Promise<Verdict | null> {
  const names = await provenNamesBeside(payload, armour, approvers.signers);
  const principal = expected !== undefined && names.includes(expected) ? expected : names[0];
  const signature = principal === undefined ? null : readSshSignature(armour);
  if (principal === undefined || !signature) return null;
  const key = keyFingerprint(signature.key);
  return { ok: true, principal, principals: names, key, format: 'ssh', why: `signed by ${oneLine(principal, 100)} with ${key}` };
}

async function verifySsh(payload: Buffer, armour: string, approvers: Approvers, at: Date, expected?: string): Promise<Verdict> {
  const signature = readSshSignature(armour);
  if (!signature) return { ...NOT, format: 'ssh', why: 'its signature cannot be read' };
  const key = keyFingerprint(signature.key);
  const no = (why: string): Verdict => ({ ...NOT, format: 'ssh', key, why });
  if (signature.namespace !== 'git') return no('it was signed for another purpose than git');
  return withPrivateFolder(async (folder) => {
    const signers = await privateFile(folder, 'signers', approvers.signers);
    const file = await privateFile(folder, 'signature', armour);
    const time = `verify-time=${at.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}`;
    const ask = (args: string[]) =>
      runTool('ssh-keygen', ['-Y', ...args, '-O', time, '-f', signers, '-s', file], { env: { TZ: 'UTC' }, input: payload });
    const names = namedFor(approvers.signers, signature.key);
    const certified = signature.type.includes('-cert-') ? (await ask(['find-principals'])).out.split('\n').filter(Boolean) : [];
    const listed = [...names, ...certified].filter((name) => !/^[!-]/.test(name));
    if (listed.length === 0) return no(`its key ${key} is not an approver's`);
    const good: string[] = [];
    let said = '';
    // A listed name may be a pattern that the expected one matches: ssh-keygen decides.
    for (const name of new Set(expected === undefined ? listed : [expected, ...listed])) {
      const result = await ask(['verify', '-n', 'git', '-I', name]);
      if (result.code === null) return no('ssh-keygen was not found');
      if (result.code === 0) good.push(name);
      else if (name !== expected) said = oneLine(result.err || result.out);
    }
    const principal = good[0];
    if (principal === undefined)
      return no(`its signature by ${key} does not hold for ${oneLine(listed.join(', '), 100)}${said ? `: ${said}` : ''}`);
    return { ok: true, principal, principals: good, key, format: 'ssh', why: `signed by ${oneLine(principal, 100)} with ${key}` };
  });
}

/** Principals of the lines that hold this key. */
function namedFor(signers: string, key: string): string[] {
  return parseSigners(signers)
    .filter((line) => line.key === key && !line.authority)
    .flatMap((line) => line.principals);
}

/** Signing with the person's own key: which one it is, what it will ask for, and signatures that were looked at after they were made. */

import { personError, type SessionError, stateError } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';
import { commitOf } from '../git/refs.ts';
import { fullDisk, GitError, type Repo, saysFull } from '../git/run.ts';
import { type CommitToSign, makeSignedCommit, makeSignedTag, type TagToSign, withObjectsIn } from '../git/sign.ts';
import { readSigned } from '../git/signed.ts';
import type { Approvers } from './approvers.ts';
import { verifyObject } from './signature.ts';
import { findSigner, type Signer } from './signer.ts';
import { keyFingerprint, readSshSignature } from './ssh-key.ts';
import { withPrivateFolder } from './tools.ts';
import type { Verdict } from './verdict.ts';

export type { Signer } from './signer.ts';

/** The key that git would sign with here. Throws (exit 1), with what to do, where there is none or it cannot be used. */
export async function signingKey(repo: Repo): Promise<Signer> {
  return findSigner(repo);
}

/** What the key is about to ask of a person, and for what, since ssh-keygen says neither: `what` is signed. Null where it asks nothing. */
export function announcement({ needsTouch, needsPassphrase, describe }: Signer, what: string): string | null {
  if (needsTouch) return `Touch your security key when it blinks (${describe}), to sign ${what}.`;
  return needsPassphrase ? `The passphrase of your ${describe} will be asked for, to sign ${what}.` : null;
}

/** Told that a passphrase was not accepted and is asked for once more. */
export type Tell = (line: string) => void;

/**
 * A signed commit, by id; no ref moves. Throws (exit 1) where it could not be signed, or not with `signer`'s key where that is given.
 * With `tell`, a passphrase that was not accepted may be typed once more.
 */
export async function signedCommit(repo: Repo, commit: CommitToSign, signer?: Signer, tell?: Tell): Promise<string> {
  const oid = await signing('commit', () => makeSignedCommit(repo, commit), tell);
  await mustBeSigned(repo, oid, 'commit', signer);
  return oid;
}

/** A signed tag object for `target`, by id, with `name` in it and no ref. Throws (exit 1) as signedCommit does. */
export async function signedTag(repo: Repo, tag: TagToSign, signer?: Signer, tell?: Tell): Promise<string> {
  const oid = await signing('tag', () => withPrivateFolder((folder) => makeSignedTag(repo, folder, tag)), tell);
  await mustBeSigned(repo, oid, 'tag', signer);
  return oid;
}

/**
 * Signs a commit that nothing keeps and judges it against the approvers: whether an approval made now would count.
 * Null, and nothing asked, for a key that wants a touch each time, unless `touch` says that somebody is there. `known` spares looking the key up again. Throws (exit 1) where signing itself fails.
 */
export async function canSign(
  repo: Repo,
  approvers: Approvers,
  known?: Signer,
  options: { touch?: boolean } = {},
): Promise<Verdict | null> {
  const signer = known ?? (await signingKey(repo));
  if (signer.needsTouch && !options.touch) return null;
  return withPrivateFolder(async (folder) => {
    const there = withObjectsIn(repo, folder);
    const head = await commitOf(repo, 'HEAD');
    const tree = head ? `${head}^{tree}` : EMPTY_TREE[repo.objectFormat];
    const oid = await signedCommit(there, { tree, parents: [], message: 'A try of the signing key\n' }, signer);
    return verifyObject(there, oid, approvers);
  });
}

const EMPTY_TREE = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

async function signing(what: 'commit' | 'tag', make: () => Promise<string>, tell?: Tell): Promise<string> {
  // Ctrl-C at the question for a passphrase ends git as well: who pressed it is told what became of it.
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.on('SIGINT', stop);
  try {
    const oid = await make();
    // Where git had signed by then, too: whoever pressed it does not want it to land.
    if (stopped) throw notWanted(what);
    return oid;
  } catch (error) {
    if (stopped) throw notWanted(what);
    if (!(error instanceof GitError)) throw error;
    if (!REFUSED.test(error.said)) throw notSigned(what, error.said);
    if (!tell) throw notAccepted(what);
    tell('The passphrase was not accepted. One more try:');
    return signing(what, make);
  } finally {
    process.off('SIGINT', stop);
  }
}

function notWanted(what: string): SessionError {
  return personError({
    what: `Stopped at the signature of the ${what}; nothing was changed.`,
    next: 'Run the same command again when you want to.',
  });
}

/** What ssh-keygen and gpg say to a wrong passphrase. */
const REFUSED = /(incorrect|bad|wrong) passphrase/i;

function notAccepted(what: string): SessionError {
  return stateError({
    what: `The ${what} could not be signed, so nothing was changed.`,
    why: 'The passphrase of your key was not accepted.',
    next: 'Run the same command again, or unlock the key first (ssh-add, or a running gpg-agent).',
  });
}

/** git before 2.43.2 exits 0 with an unsigned tag; and what is signed by another key than announced is not what was asked for. */
async function mustBeSigned(repo: Repo, oid: string, what: 'commit' | 'tag', signer?: Signer): Promise<void> {
  const object = await readSigned(repo, oid);
  if (!object?.signature || object.broken) throw notSigned(what, object?.broken ?? 'git returned it without a signature.');
  const ssh = readSshSignature(object.signature);
  if (!ssh || !signer) return;
  if (signer.format !== 'ssh' || keyFingerprint(ssh.key) !== signer.key) {
    throw notSigned(what, `It was signed with ${keyFingerprint(ssh.key)} and not with ${signer.key}.`);
  }
}

function notSigned(what: string, said: string): SessionError {
  if (saysFull(said)) return fullDisk(said);
  const lines = said.split('\n').map((line) => line.replace(/^(fatal|error): /, '').trim());
  const why = lines.filter((line) => line && !/^(hint:|failed to write commit object|gpg failed to sign)/.test(line));
  return stateError({
    what: `The ${what} could not be signed, so nothing was changed.`,
    why: oneLine(why.join('; ') || said || 'git did not say why.', 400),
    next: 'Unlock the key (ssh-add, or a running gpg-agent) or name another with: git config user.signingKey <path>',
  });
}

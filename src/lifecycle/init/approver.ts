/** An approver as files of the policy branch: a line of `.swarm/allowed_signers`, or a gpg key in `.swarm/approvers/`. */

import { existsSync, readFileSync } from 'node:fs';
import { stateError, usageError } from '../../core/errors.ts';
import { parseSigners, signerLine } from '../../core/policy/signers.ts';
import { oneLine } from '../../core/text/text.ts';
import { GPG_FOLDER, SIGNERS_FILE } from '../../trust/approvers.ts';
import { exportKey, fingerprintOf } from '../../trust/gpg-keys.ts';
import type { Signer } from '../../trust/signer.ts';
import { parsePublicKey } from '../../trust/ssh-key.ts';
import { expanded } from './key.ts';

/** What names one approver. */
export type ApproverEntry = { kind: 'ssh'; principal: string; publicKey: string } | { kind: 'gpg'; fingerprint: string; armor: string };

/** At the top of a new list. */
export const SIGNERS_HEAD = `# Who may approve sessions: <address> namespaces="git" <public key>, one a line (ssh-keygen(1), ALLOWED SIGNERS).
# A change of this file counts only in a commit that an approver has signed.
`;

/** The entry of a key that git can sign with here. */
export async function entryOf(signer: Signer): Promise<ApproverEntry> {
  if (signer.publicKey !== null) return { kind: 'ssh', principal: signer.principal, publicKey: signer.publicKey };
  return { kind: 'gpg', fingerprint: signer.key, armor: await exportKey(signer.key) };
}

/** The entry that `--approver <principal> --key <key>` names: an ssh public key or its file, or a file with an armoured gpg key. */
export async function entryNamed(principal: string, key: string, cwd: string): Promise<ApproverEntry> {
  if (!/^[^\s",!*?#]+$/.test(principal))
    throw usageError({ what: `"${oneLine(principal, 80)}" cannot name an approver.`, next: 'Use their address.' });
  const path = expanded(key, cwd);
  const text = parsePublicKey(key) ? key : existsSync(path) ? readFileSync(path, 'utf8') : null;
  if (text === null)
    throw stateError({
      what: `There is no key at ${oneLine(key, 200)}.`,
      next: 'Name the file of their public key (.pub, or .asc for gpg).',
    });
  if (text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----'))
    return { kind: 'gpg', fingerprint: await fingerprintOf(text, principal), armor: text };
  const parsed = parsePublicKey(text.split('\n')[0] ?? '');
  if (parsed) return { kind: 'ssh', principal, publicKey: `${parsed.type} ${parsed.key}` };
  throw stateError({
    what: `${oneLine(key, 200)} is no public key.`,
    why: text.includes('PRIVATE KEY') ? 'It is a private key: that never goes into a repository.' : undefined,
    next: 'Name the file of their public key (.pub, or .asc for gpg).',
  });
}

/** The file that names the approver, as it is to be; null where it names them already. */
export async function withApprover(
  entry: ApproverEntry,
  read: (path: string) => Promise<string | null>,
  head = SIGNERS_HEAD,
): Promise<{ path: string; before: string | null; after: string } | null> {
  if (entry.kind === 'gpg') {
    const path = `${GPG_FOLDER}/${entry.fingerprint}.asc`;
    const before = await read(path);
    return before === null ? { path, before, after: entry.armor } : null;
  }
  const before = await read(SIGNERS_FILE);
  const key = entry.publicKey.split(' ')[1];
  const listed = parseSigners(before ?? '').some((line) => line.key === key && line.principals.includes(entry.principal));
  if (listed) return null;
  const start = before === null || before.trim() === '' ? head : before.replace(/\n*$/, '\n');
  return { path: SIGNERS_FILE, before, after: `${start}${signerLine(entry.principal, entry.publicKey)}\n` };
}

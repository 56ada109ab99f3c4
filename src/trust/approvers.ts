/** Who may approve: the signers that a commit of the policy branch names. */

import { parseSigners } from '../core/policy/signers.ts';
import { readMany } from '../git/batch.ts';
import { listTree, readBlob } from '../git/objects.ts';
import type { Repo } from '../git/run.ts';
import { keyFingerprint } from './ssh-key.ts';

export const POLICY_FILE = '.sessionrc.yaml';
export const SIGNERS_FILE = '.swarm/allowed_signers';
export const GPG_FOLDER = '.swarm/approvers';
/** Every path that decides who judges and by what. */
export const POLICY_PATHS = [POLICY_FILE, SIGNERS_FILE, GPG_FOLDER];

export interface Approvers {
  /** Text of `.swarm/allowed_signers`; empty where there is none. */
  signers: string;
  /** Public keys of `.swarm/approvers/<fingerprint>.asc`; fingerprint in upper case hex. */
  gpg: { fingerprint: string; armor: string }[];
}

/** The approvers whose files a commit or tree holds. One process where nobody approves with gpg. */
export async function approversAt(repo: Repo, treeish: string): Promise<Approvers> {
  const [signers, folder] = await readMany(repo, [`${treeish}:${SIGNERS_FILE}`, `${treeish}:${GPG_FOLDER}`]);
  const gpg: Approvers['gpg'] = [];
  for (const row of folder?.type === 'tree' ? await listTree(repo, treeish, [GPG_FOLDER]) : []) {
    const fingerprint = /^\.swarm\/approvers\/([0-9A-Fa-f]{40,64})\.asc$/.exec(row.path)?.[1];
    if (!fingerprint || row.type !== 'blob' || (row.size ?? 0) > 1 << 20) continue;
    gpg.push({ fingerprint: fingerprint.toUpperCase(), armor: (await readBlob(repo, row.oid)) ?? '' });
  }
  return { signers: signers?.type === 'blob' ? textOf(signers.body) : '', gpg };
}

/** As git's output is read everywhere: without a byte order mark. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** True where nobody may approve. */
export function nobody(approvers: Approvers): boolean {
  return parseSigners(approvers.signers).length === 0 && approvers.gpg.length === 0;
}

/**
 * The principals under which a key (`SHA256:…`, or a gpg fingerprint) is an approver's; for gpg the fingerprint itself.
 * Empty where it is not. Says nothing about dates: only verifying does.
 */
export function principalsOf(approvers: Approvers, key: string): string[] {
  if (approvers.gpg.some(({ fingerprint }) => fingerprint === key.toUpperCase())) return [key.toUpperCase()];
  return parseSigners(approvers.signers)
    .filter((line) => !line.authority && keyFingerprint(line.key) === key)
    .flatMap((line) => line.principals);
}

/** True for files that decide who judges and by what. */
export function changesPolicy(files: readonly { path: string }[]): boolean {
  return files.some(({ path }) => POLICY_PATHS.includes(path) || path.startsWith(`${GPG_FOLDER}/`));
}

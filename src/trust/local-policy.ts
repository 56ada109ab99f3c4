/** The policy of one clone alone (`init --local`): files in its private folder, which no history holds. It counts only where the policy branch has none. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOrNull } from '../store/files.ts';
import { privatePaths } from '../store/paths.ts';
import { type Approvers, GPG_FOLDER, POLICY_FILE, SIGNERS_FILE } from './approvers.ts';

export interface LocalPolicy {
  /** Text of its `.sessionrc.yaml`. */
  text: string;
  approvers: Approvers;
  /** Hex sha256 of all of it: another one where anything of it was changed. */
  digest: string;
}

/** True where this clone was set up by `init --local`. */
export function hasLocalPolicy({ commonDir }: { commonDir: string }): boolean {
  return existsSync(localPath(commonDir, POLICY_FILE));
}

/** Where a file of the policy (a path of the tree) lies in this clone alone. */
export function localPath(commonDir: string, path: string): string {
  return join(privatePaths(commonDir).local, path);
}

/** The files as they stand; null where this clone has none. */
export function readLocalPolicy({ commonDir }: { commonDir: string }): LocalPolicy | null {
  const text = readOrNull(localPath(commonDir, POLICY_FILE));
  if (text === null) return null;
  const signers = readOrNull(localPath(commonDir, SIGNERS_FILE)) ?? '';
  const gpg = gpgKeys(localPath(commonDir, GPG_FOLDER));
  const digest = createHash('sha256')
    .update(JSON.stringify([text, signers, gpg]))
    .digest('hex');
  return { text, approvers: { signers, gpg }, digest };
}

function gpgKeys(folder: string): Approvers['gpg'] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const fingerprint = /^([0-9A-Fa-f]{40,64})\.asc$/.exec(name)?.[1];
      return fingerprint ? [{ fingerprint: fingerprint.toUpperCase(), armor: readOrNull(join(folder, name)) ?? '' }] : [];
    });
}

/** Which key becomes the approver's: one that git signs with already, one that lies in ~/.ssh, or a new one on request. Never silently. */

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { personError, SessionError, stateError, usageError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { committerIdent } from '../../git/build-commit.ts';
import { getConfig } from '../../git/config.ts';
import type { Repo } from '../../git/run.ts';
import { type Approvers, principalsOf } from '../../trust/approvers.ts';
import { type Signer, signerOfFile } from '../../trust/signer.ts';
import { signingKey } from '../../trust/signing.ts';
import { runTool } from '../../trust/tools.ts';

export interface KeyWish {
  /** A path that the person named. */
  signingKey?: string | undefined;
  newKey?: boolean;
  noPassphrase?: boolean;
  noApprover?: boolean;
}

/** Asks the person to choose one of the answers; null where nobody can be asked. */
export type Chooser = ((question: string, answers: string[]) => Promise<number>) | null;

export type KeyChoice =
  | { kind: 'none' }
  /** `settings`: what this repository's configuration needs so that git signs with it. */
  | { kind: 'key'; signer: Signer; settings: { key: string; value: string }[] }
  | { kind: 'new'; path: string; passphrase: boolean; email: string; settings: { key: string; value: string }[] };

const NEW_KEY = 'git-session_ed25519';

/** The key that will sign here. Throws (exit 1) where there is none, or several and nobody to ask. Makes and changes nothing. */
export async function chooseKey(repo: Repo, wish: KeyWish, choose: Chooser): Promise<KeyChoice> {
  if ([wish.signingKey !== undefined, wish.newKey, wish.noApprover].filter(Boolean).length > 1) {
    throw usageError({ what: 'Give only one of --signing-key, --new-key and --no-approver.' });
  }
  if (wish.noApprover) return { kind: 'none' };
  const { email } = await person(repo);
  if (wish.newKey) return newKey(repo, email, wish.noPassphrase === true);
  if (wish.signingKey !== undefined) {
    const path = expanded(wish.signingKey, repo.cwd);
    return keyAt(repo, path, await signerOfFile(path, email));
  }
  const configured = await configuredKey(repo);
  if (configured) return { kind: 'key', signer: configured, settings: [] };
  return fromSshFolder(repo, email, choose, wish.noPassphrase === true);
}

async function person(repo: Repo): Promise<{ email: string }> {
  const email = /<([^<>]*)> \d+ [+-]\d+$/.exec(await committerIdent(repo))?.[1] ?? '';
  if (/^[^\s",!*?#]+$/.test(email)) return { email };
  throw stateError({
    what: 'Your address cannot name an approver.',
    why: `git commits here as <${oneLine(email, 80)}>.`,
    next: 'git config user.email you@example.com',
  });
}

/** The key that git is set to sign with; null where none is set. A set one that does not work is an error, not a reason to take another. */
async function configuredKey(repo: Repo): Promise<Signer | null> {
  try {
    return await signingKey(repo);
  } catch (error) {
    const named = (await getConfig(repo, 'user.signingKey')) || (await getConfig(repo, 'gpg.ssh.defaultKeyCommand'));
    if (error instanceof SessionError && !named) return null;
    throw error;
  }
}

async function keyAt(repo: Repo, path: string, signer: Signer): Promise<KeyChoice> {
  return { kind: 'key', signer, settings: await settingsFor(repo, path) };
}

/** Only what differs from what git would use here anyway. */
async function settingsFor(repo: Repo, path: string): Promise<{ key: string; value: string }[]> {
  const wanted = [
    { key: 'gpg.format', value: 'ssh' },
    { key: 'user.signingKey', value: path },
  ];
  const now = await Promise.all(wanted.map(({ key }) => getConfig(repo, key)));
  return wanted.filter(({ value }, i) => now[i] !== value);
}

/** True where a key of that name lies there: it is not written over. */
const isMade = () => [NEW_KEY, `${NEW_KEY}.pub`].some((name) => existsSync(join(homedir(), '.ssh', name)));

async function newKey(repo: Repo, email: string, noPassphrase: boolean): Promise<KeyChoice> {
  const path = join(homedir(), '.ssh', NEW_KEY);
  if (existsSync(path)) return keyAt(repo, path, await signerOfFile(path, email));
  if (!noPassphrase && process.stdin.isTTY !== true) {
    throw personError({
      what: 'A new key needs a passphrase, and there is no terminal to ask for it.',
      next: 'Run the command in a terminal, or say that the key is to have none: --no-passphrase',
    });
  }
  return { kind: 'new', path, passphrase: !noPassphrase, email, settings: await settingsFor(repo, path) };
}

async function fromSshFolder(repo: Repo, email: string, choose: Chooser, noPassphrase: boolean): Promise<KeyChoice> {
  const found = await sshKeys(email);
  const [only, second] = found;
  if (only && !second && !choose) return keyAt(repo, only.path, only.signer);
  if (!choose) throw nobodyToAsk(found.map(({ path }) => path));
  const make = `Make a new key, ~/.ssh/${NEW_KEY}`;
  const answers = [...found.map(({ signer }) => `Use the ${signer.describe}`), ...(isMade() ? [] : [make]), 'Go on without an approver'];
  const answer = await choose('Which key shall sign your approvals?', answers);
  const taken = found[answer];
  if (taken) return keyAt(repo, taken.path, taken.signer);
  return answers[answer] === make ? newKey(repo, email, noPassphrase) : { kind: 'none' };
}

function nobodyToAsk(paths: string[]): SessionError {
  const several = paths.length > 0;
  return stateError({
    what: several
      ? `There are ${paths.length} ssh keys that could sign your approvals.`
      : 'There is no key that could sign your approvals.',
    why: several ? 'git is not set to sign with any of them.' : 'git is not set to sign, and ~/.ssh holds no key.',
    next: [
      'Run the same command with one of these:',
      ...paths.slice(0, 6).map((path) => `  --signing-key ${path}`),
      '  --new-key        (makes one)',
      '  --no-approver    (nobody can approve until one is added)',
    ].join('\n'),
  });
}

const PREFERRED = ['id_ed25519', 'id_ed25519_sk', 'id_ecdsa_sk', 'id_ecdsa', 'id_rsa'];

/** Keys of ~/.ssh that can sign, the usual names first. */
async function sshKeys(email: string): Promise<{ path: string; signer: Signer }[]> {
  const folder = join(homedir(), '.ssh');
  if (!existsSync(folder)) return [];
  const rank = (name: string) => (PREFERRED.indexOf(name) + PREFERRED.length + 1) % (PREFERRED.length + 1);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.pub') && !name.endsWith('-cert.pub'))
    .map((name) => name.slice(0, -'.pub'.length))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const keys: { path: string; signer: Signer }[] = [];
  for (const name of names) {
    const path = join(folder, `${name}.pub`);
    try {
      keys.push({ path, signer: await signerOfFile(path, email) });
    } catch (error) {
      // A public half alone, or a key that cannot be read, signs nothing.
      if (!(error instanceof SessionError)) throw error;
    }
  }
  return keys;
}

/** The public key file in ~/.ssh of a key that is an approver's, or null. */
export async function approversKey(approvers: Approvers): Promise<string | null> {
  const keys = await sshKeys('');
  return keys.find(({ signer }) => principalsOf(approvers, signer.key).length > 0)?.path ?? null;
}

/** Makes the new key; a passphrase is asked for by ssh-keygen itself. Returns its signer. */
export async function makeKey(choice: Extract<KeyChoice, { kind: 'new' }>): Promise<Signer> {
  mkdirSync(join(homedir(), '.ssh'), { recursive: true, mode: 0o700 });
  const args = ['-q', '-t', 'ed25519', '-C', choice.email, '-f', choice.path, ...(choice.passphrase ? [] : ['-N', ''])];
  const made = await runTool('ssh-keygen', args, { terminal: choice.passphrase });
  if (made.code !== 0)
    throw stateError({ what: 'The key was not made, and nothing else was changed.', why: oneLine(made.err) || undefined });
  return signerOfFile(choice.path, choice.email);
}

/** A path as a person types it. */
export function expanded(path: string, cwd: string): string {
  const home = /^~(?=\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
  return isAbsolute(home) ? home : resolve(cwd, home);
}

/** Which key git signs with here, resolved in the real repository as git does it. */

import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type SessionError, stateError } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';
import { committerIdent } from '../git/build-commit.ts';
import { getConfig } from '../git/config.ts';
import type { Repo } from '../git/run.ts';
import { runLine } from './command-line.ts';
import { addresses } from './gpg.ts';
import { isSecurityKey, keyFingerprint, parsePublicKey } from './ssh-key.ts';
import { runTool } from './tools.ts';

export interface Signer {
  format: 'ssh' | 'gpg';
  /** Fingerprint: `SHA256:…` for ssh, upper case hex for gpg. */
  key: string;
  /** The configured identity's address; who that is to the approvers only verifying tells. */
  principal: string;
  /** For people: kind and place of the key. */
  describe: string;
  /** The key is in hardware and waits for a touch at each signature. */
  needsTouch: boolean;
  /** A passphrase will be asked for at the terminal; null where only gpg knows. */
  needsPassphrase: boolean | null;
  /** `type base64` of an ssh key; null for gpg. */
  publicKey: string | null;
}

/** The signer, or (exit 1) what is missing. Asks nothing of the person and signs nothing. */
export async function findSigner(repo: Repo): Promise<Signer> {
  const format = (await getConfig(repo, 'gpg.format')) ?? 'openpgp';
  const { email } = await identity(repo);
  if (format === 'ssh') return sshSigner(repo, email);
  if (format === 'openpgp') return gpgSigner(repo, email);
  throw stateError({
    what: `git is set to sign with ${oneLine(format, 40)}, which git-session cannot verify.`,
    next: 'Use ssh or openpgp: git config gpg.format ssh',
  });
}

/** Name and address that git commits under here. */
async function identity(repo: Repo): Promise<{ name: string; email: string }> {
  const [, name = '', email = ''] = /^(.*) <([^<>]*)> /.exec(await committerIdent(repo)) ?? [];
  return { name, email };
}

/** What every refusal for want of a key says. */
function noKey(why: string): SessionError {
  return stateError({
    what: 'There is no key to sign with.',
    why,
    next: [
      'Use an ssh key that you have:  git config gpg.format ssh && git config user.signingKey ~/.ssh/id_ed25519.pub',
      'Or let it be set up:           git session init --new-key',
    ].join('\n'),
  });
}

async function sshSigner(repo: Repo, principal: string): Promise<Signer> {
  const setting = await getConfig(repo, 'user.signingKey');
  const literal =
    setting === null ? await defaultKey(repo) : /^key::/.test(setting) ? setting.slice(5) : setting.startsWith('ssh-') ? setting : null;
  if (literal !== null) {
    const key = parsePublicKey(literal);
    if (!key) throw noKey('user.signingKey holds no public key that can be read.');
    if (!(await agentKeys()).has(key.key)) {
      throw noKey(
        `The key ${keyFingerprint(key.key)} is named by its public half, and the ssh agent does not hold it (ssh-add -l shows what it holds).`,
      );
    }
    return ssh(key, principal, 'in the ssh agent', false);
  }
  if (!setting) throw noKey('user.signingKey is set but empty.');
  const expanded = (await getConfig(repo, 'user.signingKey', 'path')) ?? setting;
  const path = isAbsolute(expanded) ? expanded : join(repo.top, expanded);
  return signerOfFile(path, principal);
}

/** The signer whose public or private ssh key lies at `path`. */
export async function signerOfFile(path: string, principal: string): Promise<Signer> {
  const key = await publicKeyAt(path);
  if (!key) throw noKey(`There is no ssh key that can be read at ${oneLine(path)}.`);
  if ((await agentKeys()).has(key.key)) return ssh(key, principal, `${path}, in the ssh agent`, false);
  const privateKey = path.endsWith('.pub') ? path.slice(0, -'.pub'.length) : path;
  if (!existsSync(privateKey)) {
    throw noKey(`${oneLine(path)} is a public key; its private half is neither beside it nor in the ssh agent.`);
  }
  const opened = await runTool('ssh-keygen', ['-y', '-P', '', '-f', privateKey]);
  if (opened.code !== 0 && !/incorrect passphrase/i.test(opened.err)) throw noKey(oneLine(opened.err) || 'ssh-keygen was not found.');
  return ssh(key, principal, path, opened.code !== 0);
}

function ssh(key: { type: string; key: string }, principal: string, where: string, needsPassphrase: boolean): Signer {
  return {
    format: 'ssh',
    key: keyFingerprint(key.key),
    principal,
    describe: `ssh key ${keyFingerprint(key.key)} (${where})`,
    needsTouch: isSecurityKey(key.type),
    needsPassphrase,
    publicKey: `${key.type} ${key.key}`,
  };
}

/** The public key at a path, whichever half lies there; null where none can be read. */
async function publicKeyAt(path: string): Promise<{ type: string; key: string; comment: string } | null> {
  for (const file of path.endsWith('.pub') ? [path] : [`${path}.pub`, path]) {
    try {
      const key = parsePublicKey(readFileSync(file, 'utf8').split('\n')[0] ?? '');
      if (key) return key;
    } catch {
      // Not there or not readable: the other half may be.
    }
  }
  // A private key alone names its public half, without a passphrase in ssh's own format.
  const told = existsSync(path) ? await runTool('ssh-keygen', ['-y', '-P', '', '-f', path]) : null;
  return told?.code === 0 ? parsePublicKey(told.out.split('\n')[0] ?? '') : null;
}

/** Public keys (base64) that the ssh agent holds; none where there is no agent. */
async function agentKeys(): Promise<Set<string>> {
  if (!process.env.SSH_AUTH_SOCK) return new Set();
  const listed = await runTool('ssh-add', ['-L']);
  return new Set(listed.out.split('\n').flatMap((line) => parsePublicKey(line)?.key ?? []));
}

/** Without user.signingKey git asks gpg.ssh.defaultKeyCommand. */
async function defaultKey(repo: Repo): Promise<string> {
  const command = await getConfig(repo, 'gpg.ssh.defaultKeyCommand');
  if (!command) throw noKey('gpg.format is ssh, and user.signingKey is not set.');
  const first = (await runLine(command, repo.top)).split('\n')[0] ?? '';
  return first.replace(/^key::/, '');
}

async function gpgSigner(repo: Repo, email: string): Promise<Signer> {
  const program = (await getConfig(repo, 'gpg.openpgp.program')) ?? (await getConfig(repo, 'gpg.program')) ?? undefined;
  const setting = await getConfig(repo, 'user.signingKey');
  const { name } = await identity(repo);
  const none = () =>
    noKey(setting ? `gpg has no secret key "${oneLine(setting, 80)}".` : 'user.signingKey is not set, and gpg has no secret key of yours.');
  // gpg makes its folder where it is only asked, and a folder that is not there holds no key.
  if (!program && process.platform !== 'win32' && !existsSync(process.env.GNUPGHOME || join(homedir(), '.gnupg'))) throw none();
  // As git does: the named key, or the one whose user id is the committer.
  const wanted = setting || `${name} <${email}>`;
  const listed = await runTool(
    'gpg',
    ['--batch', '--no-tty', '--with-colons', '--fingerprint', '--list-secret-keys', '--', wanted],
    program ? { program } : {},
  );
  if (listed.code === null) throw noKey('gpg is not installed, and no ssh key is set.');
  const rows = listed.out.split('\n').map((line) => line.split(':'));
  const start = rows.findIndex((row) => row[0] === 'sec');
  const fingerprint = rows.slice(start + 1).find((row) => row[0] === 'fpr')?.[9];
  if (start < 0 || !fingerprint) throw none();
  const uid = addresses(listed.out)[0];
  // `>` in the token field: the key is on a card.
  const card = rows[start]?.[14] !== undefined && /^[0-9A-F]{8,}$/i.test(rows[start]?.[14] ?? '');
  return {
    format: 'gpg',
    key: fingerprint.toUpperCase(),
    principal: email,
    describe: `gpg key ${fingerprint.toUpperCase()}${uid ? ` (${oneLine(uid, 100)})` : ''}`,
    needsTouch: card,
    needsPassphrase: null,
    publicKey: null,
  };
}

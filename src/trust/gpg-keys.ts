/** gpg public keys as approvers' files. */

import { stateError } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';
import { addresses } from './gpg.ts';
import { runTool, withPrivateFolder } from './tools.ts';

/** The armoured public key of the person's own key ring. Throws (exit 1) where gpg cannot give it. */
export async function exportKey(fingerprint: string): Promise<string> {
  const ran = await runTool('gpg', ['--batch', '--no-tty', '--armor', '--export-options', 'export-minimal', '--export', fingerprint]);
  if (ran.code === 0 && ran.out.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) return ran.out;
  throw stateError({ what: `gpg did not give the public key ${fingerprint}.`, why: oneLine(ran.err) || undefined });
}

/** Fingerprint of the one primary key in an armoured text; `principal` must be among its addresses. Throws (exit 1) otherwise. */
export async function fingerprintOf(armor: string, principal: string): Promise<string> {
  // In a folder of its own: gpg would make the person's where they have none.
  const ran = await withPrivateFolder((folder) =>
    runTool('gpg', ['--batch', '--no-tty', '--with-colons', '--show-keys', '-'], { input: Buffer.from(armor), env: { GNUPGHOME: folder } }),
  );
  if (ran.code === null) throw stateError({ what: 'gpg is not installed, so a gpg key cannot be read.' });
  const rows = ran.out.split('\n').map((line) => line.split(':'));
  const primary = rows.findIndex(([kind]) => kind === 'pub');
  const fingerprint = rows.slice(primary + 1).find(([kind]) => kind === 'fpr')?.[9];
  const many = rows.filter(([kind]) => kind === 'pub').length !== 1;
  if (ran.code !== 0 || primary < 0 || !fingerprint || many) throw stateError({ what: 'The file must hold exactly one gpg public key.' });
  if (addresses(ran.out).includes(principal)) return fingerprint.toUpperCase();
  throw stateError({
    what: `The gpg key ${fingerprint} is not ${oneLine(principal, 80)}'s.`,
    why: `It names: ${oneLine(addresses(ran.out).join(', '))}.`,
  });
}

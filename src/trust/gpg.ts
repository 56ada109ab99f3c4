/** Verifying a gpg signature with the approvers' keys alone, in a key ring of its own. */

import { oneLine } from '../core/text/text.ts';
import type { Approvers } from './approvers.ts';
import { privateFile, runTool, withPrivateFolder } from './tools.ts';
import type { Verdict } from './verdict.ts';

const ALONE = ['--batch', '--no-tty', '--no-options', '--no-auto-key-retrieve', '--no-auto-key-locate', '--disable-dirmngr', '--quiet'];

/** The verdict on a detached armoured signature of `payload`, as of `at` or the signature's own time if that is later. */
export async function verifyGpg(payload: Buffer, armour: string, approvers: Approvers, at: Date, expected?: string): Promise<Verdict> {
  const no = (why: string, key: string | null = null): Verdict => ({ ok: false, principal: null, principals: [], key, format: 'gpg', why });
  if (approvers.gpg.length === 0) return no('it is signed with gpg, and no approver uses gpg');
  return withPrivateFolder(async (folder) => {
    const gpg = (args: string[], input?: Buffer) =>
      runTool('gpg', ['--homedir', folder, ...ALONE, ...args], { env: { GNUPGHOME: folder }, ...(input ? { input } : {}) });
    for (const { fingerprint, armor } of approvers.gpg) {
      const file = await privateFile(folder, `${fingerprint}.asc`, armor);
      const imported = await gpg(['--no-autostart', '--import', file]);
      if (imported.code === null) return no('gpg is not installed, so its gpg signature cannot be checked');
    }
    const signature = await privateFile(folder, 'signature', armour);
    const check = async (time: Date | null) => {
      const faked = time ? ['--faked-system-time', `${time.toISOString().replace(/[-:]|\.\d+Z$/g, '')}!`] : [];
      const args = [...faked, '--trust-model', 'always', '--status-fd', '1', '--verify', signature, '-'];
      return readStatus((await gpg(args, payload)).out);
    };
    let status = await check(null);
    // Expired by now says nothing of then: ask again as of the moment that counts.
    if (status.state === 'EXPKEYSIG') status = await check(new Date(Math.max(at.getTime(), status.made.getTime())));
    const key = status.primary;
    if (status.state !== 'GOODSIG' || !key) return no(WHY[status.state] ?? 'its gpg signature is not valid', key);
    if (!approvers.gpg.some(({ fingerprint }) => fingerprint === key)) return no(`its key ${key} is not an approver's`, key);
    const listed = await gpg(['--with-colons', '--list-keys', key]);
    const principals = addresses(listed.out);
    const principal = (expected !== undefined && principals.includes(expected) ? expected : principals[0]) ?? key;
    return { ok: true, principal, principals, key, format: 'gpg', why: `signed by ${oneLine(principal, 100)} with ${key}` };
  });
}

const WHY: Record<string, string> = {
  EXPKEYSIG: 'its gpg key had expired',
  EXPSIG: 'its gpg signature has expired',
  REVKEYSIG: 'its gpg key is revoked',
  BADSIG: 'its gpg signature does not fit its content',
  ERRSIG: "its gpg key is not an approver's",
};

interface Status {
  /** GOODSIG, BADSIG, EXPSIG, EXPKEYSIG, REVKEYSIG, ERRSIG, or NONE. */
  state: string;
  /** Fingerprint of the primary key, from VALIDSIG. */
  primary: string | null;
  /** When the signature says it was made. */
  made: Date;
}

/** gpg's status lines; anything but exactly one verdict line counts as none. */
function readStatus(text: string): Status {
  const lines = text.split('\n').flatMap((line) => (line.startsWith('[GNUPG:] ') ? [line.slice(9).split(' ')] : []));
  const states = lines.map(([word = '']) => word).filter((word) => /^(GOODSIG|BADSIG|EXPSIG|EXPKEYSIG|REVKEYSIG|ERRSIG)$/.test(word));
  const valid = lines.find(([word]) => word === 'VALIDSIG') ?? [];
  return {
    state: states.length === 1 ? (states[0] ?? 'NONE') : 'NONE',
    primary: (valid[10] ?? valid[1] ?? '').toUpperCase() || null,
    made: new Date(Number(valid[3] ?? 0) * 1000),
  };
}

/** Addresses of the valid user ids in `--with-colons` output, the primary first. */
export function addresses(colons: string): string[] {
  const found = colons
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields[0] === 'uid' && !/^[rid]/.test(fields[1] ?? ''))
    .map((fields) => unescaped(fields[9] ?? ''))
    .map((uid) => /<([^<>]+)>\s*$/.exec(uid)?.[1] ?? uid);
  return [...new Set(found)].filter(Boolean);
}

/** gpg writes `\x3a` for a colon. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

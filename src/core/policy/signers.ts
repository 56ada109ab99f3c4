/** `.swarm/allowed_signers` as values: ssh's format, one signer a line. Pure. */

export interface SignerLine {
  /** Line number, from 1. */
  line: number;
  /** Principals or patterns, in order. */
  principals: string[];
  /** As written: `namespaces="git"`, `valid-before="…"`, `cert-authority`; empty where there are none. */
  options: string;
  /** Namespaces that the key may sign in; empty: any. */
  namespaces: string[];
  /** A certificate authority signs other keys and is no signer itself. */
  authority: boolean;
  type: string;
  /** The public key, base64. */
  key: string;
  comment: string;
}

const KEY_TYPE = /^(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+$/;

/** The signers of a file; lines that ssh would not read are left out. */
export function parseSigners(text: string): SignerLine[] {
  return text.split(/\r?\n/).flatMap((raw, i) => {
    const words = splitLine(raw.trim());
    const at = words.findIndex((word, n) => n > 0 && n < 3 && KEY_TYPE.test(word));
    const [who = '', key = ''] = [words[0], words[at + 1]];
    if (raw.trim().startsWith('#') || at < 1 || !/^[A-Za-z0-9+/]+=*$/.test(key)) return [];
    const options = at === 2 ? (words[1] ?? '') : '';
    return [
      {
        line: i + 1,
        principals: unquoted(who).split(',').filter(Boolean),
        options,
        namespaces: /(?:^|,)namespaces="([^"]*)"/i.exec(options)?.[1]?.split(',').filter(Boolean) ?? [],
        authority: /(?:^|,)cert-authority(?:,|$)/i.test(options),
        type: words[at] ?? '',
        key,
        comment: words.slice(at + 2).join(' '),
      },
    ];
  });
}

/** Words divided by blanks; blanks inside double quotes do not divide. */
function splitLine(line: string): string[] {
  return line.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
}

function unquoted(word: string): string {
  return /^"(.*)"$/.exec(word)?.[1] ?? word;
}

/** One line for a signer of commits and tags. Throws a TypeError on what would not stay one line of one signer. */
export function signerLine(principal: string, publicKey: string): string {
  const [type = '', key = '', ...comment] = publicKey.trim().split(/\s+/);
  if (!/^[^\s",!*?#]+$/.test(principal)) throw new TypeError(`not a principal: ${principal}`);
  if (!KEY_TYPE.test(type) || !/^[A-Za-z0-9+/]+=*$/.test(key)) throw new TypeError('not a public key');
  const note = comment.join(' ').replace(/[^\x20-\x7e]/g, '');
  return `${principal} namespaces="git" ${type} ${key}${note ? ` ${note}` : ''}`;
}

/** Takes payload and signature of a commit or tag apart. No process. Hot path: node built-ins only. */

const ARMOUR = /^-----BEGIN (SSH SIGNATURE|PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE)-----$/;

export interface Split {
  /** What was signed. */
  payload: Buffer;
  /** The armoured signature, or null. */
  signature: string | null;
  /** Why it must not be believed whatever its signature says, or null. */
  broken: string | null;
}

/** Of the bytes of a commit or tag, what was signed and by which signature. */
export function splitSigned(type: 'commit' | 'tag', body: Buffer, format: 'sha1' | 'sha256'): Split {
  return type === 'commit' ? splitCommit(body, format) : splitTag(body);
}

/** A commit's signature is a header of this repository's hash; every `gpgsig` header is left out of what was signed. */
function splitCommit(body: Buffer, format: 'sha1' | 'sha256'): Split {
  const mine = format === 'sha256' ? 'gpgsig-sha256' : 'gpgsig';
  const payload: Buffer[] = [];
  const signature: string[] = [];
  let signatures = 0;
  let inside: 'mine' | 'other' | null = null;
  let at = 0;
  while (at < body.length && body[at] !== 10) {
    const end = body.indexOf(10, at) < 0 ? body.length : body.indexOf(10, at);
    const line = body.subarray(at, end + 1);
    const text = body.toString('latin1', at, end);
    at = end + 1;
    if (!(inside && text.startsWith(' '))) {
      inside = text.startsWith(`${mine} `) ? 'mine' : text.startsWith('gpgsig') ? 'other' : null;
      if (inside === 'mine') signatures++;
      if (inside === 'mine') signature.push(text.slice(mine.length + 1));
      if (!inside) payload.push(line);
    } else if (inside === 'mine') {
      signature.push(text.slice(1));
    }
  }
  payload.push(body.subarray(at));
  const armour = signatures > 0 ? `${signature.join('\n').replace(/\n+$/, '')}\n` : null;
  return {
    payload: Buffer.concat(payload),
    signature: armour,
    broken: signatures > 1 ? 'it carries more than one signature' : oneArmour(armour),
  };
}

/** A tag's signature is the end of its message, from the last line that begins one. */
function splitTag(body: Buffer): Split {
  const text = body.toString('latin1');
  let begin = -1;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    if (ARMOUR.test(text.slice(at, end))) begin = at;
    at = end + 1;
  }
  if (begin < 0) return { payload: body, signature: null, broken: null };
  const signature = text.slice(begin);
  const extra = /^gpgsig/m.test(text.slice(0, text.indexOf('\n\n'))) ? 'it carries more than one signature' : null;
  return { payload: body.subarray(0, begin), signature, broken: extra ?? oneArmour(signature) };
}

/** Text after the armour would read as signed without being so. */
function oneArmour(signature: string | null): string | null {
  if (signature === null) return null;
  const lines = signature.replace(/\n+$/, '').split('\n');
  const kind = ARMOUR.exec(lines[0] ?? '')?.[1];
  return kind && lines.indexOf(`-----END ${kind}-----`) === lines.length - 1 ? null : 'its signature is not one whole block';
}

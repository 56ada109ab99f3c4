/** Trailers of a commit message: written so that no value can forge another, read by git's own rules. Pure. */

import { visible } from '../text/text.ts';

const KEY = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
/** Lines that git writes itself; beside them a trailer block may hold other lines. */
const GIT_GENERATED = /^(?:Signed-off-by: |\(cherry picked from commit )/;

/** A value on one line, with control and reordering characters made visible: a newline in it would forge a trailer. */
function trailerValue(value: string): string {
  return visible(value).trim();
}

/** The block, one `Key: value` a line with "\n" after each; empty values are left out. Throws TypeError on a malformed key. */
export function trailers(pairs: readonly (readonly [key: string, value: string | null])[]): string {
  let block = '';
  for (const [key, raw] of pairs) {
    if (!KEY.test(key)) throw new TypeError(`not a trailer key: ${key}`);
    const value = raw === null ? '' : trailerValue(raw);
    if (value) block += `${key}: ${value}\n`;
  }
  return block;
}

/**
 * Values by key (as first written, compared without case), in order. Only the last paragraph counts, never the subject, and only where
 * every line of it is a trailer, or git itself wrote one of them and at least a quarter are.
 */
export function parseTrailers(message: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const lines = message.replaceAll('\r\n', '\n').trim().split('\n');
  // Found by hand: an expression for "the last blank line" takes time that grows with the square of a hostile message.
  const blank = lines.findLastIndex((line) => line.trim() === '');
  if (blank < 0) return found;
  const pairs: { key: string; value: string; more: string[] }[] = [];
  let others = 0;
  let generated = false;
  let continuing = false;
  for (const line of lines.slice(blank + 1)) {
    const match = /^([A-Za-z0-9-]+)[ \t]*:(.*)$/.exec(line);
    const last = pairs.at(-1);
    if (GIT_GENERATED.test(line)) generated = true;
    if (/^[ \t]/.test(line)) {
      if (continuing && last) last.more.push(line.trim());
      else others++;
    } else if (match) {
      pairs.push({ key: match[1] ?? '', value: (match[2] ?? '').trim(), more: [] });
      continuing = true;
    } else if (!line.startsWith('(cherry picked from commit ')) {
      others++;
      continuing = false;
    }
  }
  const isBlock = others === 0 || (generated && pairs.length * 3 >= others);
  if (!isBlock) return found;
  const names = new Map<string, string>();
  for (const { key, value, more } of pairs) {
    const name = names.get(key.toLowerCase()) ?? key;
    names.set(key.toLowerCase(), name);
    const values = found.get(name) ?? [];
    values.push([value, ...more].join(' '));
    found.set(name, values);
  }
  return found;
}

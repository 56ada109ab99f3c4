/** A line being typed: keys in, text out. Pure. */

import { hasUnsafe } from '../core/text/text.ts';

export interface Keys {
  return?: boolean;
  backspace?: boolean;
  delete?: boolean;
  ctrl?: boolean;
  meta?: boolean;
  escape?: boolean;
}

/** The text after a key, and the lines that were finished with it (a paste may hold several). */
export function typed(text: string, input: string, key: Keys): { text: string; lines: string[] } {
  if (key.return) return { text: '', lines: [text] };
  if (key.backspace || key.delete) return { text: [...text].slice(0, -1).join(''), lines: [] };
  if (key.ctrl && input === 'u') return { text: '', lines: [] };
  if (key.ctrl || key.meta || key.escape) return { text, lines: [] };
  const parts = input.split(/\r\n|\r|\n/).map((part) => [...part].filter((c) => !hasUnsafe(c)).join(''));
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return { text: text + first, lines: [] };
  return { text: rest.at(-1) ?? '', lines: [text + first, ...rest.slice(0, -1)] };
}

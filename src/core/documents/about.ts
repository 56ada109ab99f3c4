/** One line about a file, from its own heading or first comment. Pure. */

import { oneLine } from '../text/text.ts';

/** Lines that say nothing about what the file is for. */
const NOISE =
  /^(#!|['"]use strict['"]|eslint|biome-ignore|prettier|@ts-|ts-|istanbul|copyright|\(c\)|spdx|licen[cs]e|-\*-|coding[:=]|vim?:|=+$|-+$|\*+$)/i;

/**
 * What the file says of itself in at most `max` characters: the first heading of a text document, the first sentence of the
 * leading comment or docstring of source code, the `description` of a JSON file. Null where it says nothing.
 */
export function aboutOf(path: string, text: string, max = 160): string | null {
  const head = text.slice(0, 4096).replace(/^\ufeff/, '');
  const found = /\.(md|markdown|mdx|txt|rst|adoc)$/i.test(path)
    ? heading(head)
    : /\.json$/i.test(path)
      ? description(text)
      : /\.html?$/i.test(path)
        ? /<title>([^<]+)<\/title>/i.exec(head)?.[1]
        : comment(head);
  const line = found === undefined || found === null ? '' : oneLine(sentence(found), max);
  return line === '' ? null : line;
}

function heading(head: string): string | undefined {
  const lines = head.split('\n').map((line) => line.trim());
  const marked = lines.find((line) => /^(#{1,6}|=)\s+\S/.test(line));
  return marked ? marked.replace(/^(#{1,6}|=)\s+/, '').replace(/\s*#+$/, '') : lines.find((line) => /\p{L}/u.test(line) && line !== '---');
}

function description(text: string): string | undefined {
  if (text.length > 65_536) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const said = (value as { description?: unknown } | null)?.description;
    return typeof said === 'string' ? said : undefined;
  } catch {
    return undefined;
  }
}

/** The first telling line of the comment or docstring that opens a source file. */
function comment(head: string): string | undefined {
  const lines = head.split('\n');
  let block: '*/' | '"""' | "'''" | null = null;
  for (const raw of lines) {
    let line = raw.trim();
    if (line === '' || line.startsWith('#!') || /^['"]use strict['"];?$/.test(line)) continue;
    if (block === null) {
      const open = /^(\/\*+|"""|'''|\/\/+!?|#+|--+|;+|%+)\s?(.*)$/.exec(line);
      if (!open) return undefined;
      const mark = open[1] ?? '';
      line = open[2] ?? '';
      if (mark.startsWith('/*')) block = '*/';
      else if (mark === '"""' || mark === "'''") block = mark;
    }
    const ends: boolean = block !== null && line.includes(block);
    if (ends) line = line.slice(0, line.indexOf(block ?? ''));
    line = line.replace(/^\*+\s?/, '').trim();
    if (/\p{L}/u.test(line) && !NOISE.test(line)) return line;
    if (ends) block = null;
  }
  return undefined;
}

/** Up to the end of the first sentence, without its full stop. */
function sentence(text: string): string {
  const end = /[.!?](\s|$)/.exec(text);
  return (end && end.index > 2 ? text.slice(0, end.index) : text).trim();
}

/** Sets one value in JSON text and leaves every other byte as it is: people's own formatting of package.json is theirs. Pure. */

import { parseJson } from './json.ts';
import { type Block, readBlock } from './json-scan.ts';

/**
 * The text with the value at `path` (keys from the top) set; objects on the way are made, new keys go where they sort if the keys of
 * a nested object are sorted, else to the end. Null where the text is not a JSON object or something on the way is none.
 */
export function setInJson(text: string, path: readonly string[], value: unknown): string | null {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  let open = text.indexOf('{');
  for (const [depth, key] of path.entries()) {
    const block = readBlock(text, open);
    const member = block.members.find((one) => one.key === key);
    const last = depth === path.length - 1;
    if (!member || last) {
      const nested = path.slice(depth + 1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
      const lines = block.members.length === 0 || text.slice(open, block.members[0]?.keyStart).includes('\n');
      const rendered = JSON.stringify(nested, null, indent).replace(/\n(\s*)/g, lines ? `${eol}${indent.repeat(depth + 1)}$1` : ' ');
      if (member) return text.slice(0, member.valueStart) + rendered + text.slice(member.valueEnd);
      return insert(text, block, key, rendered, { indent, eol, depth, lines });
    }
    if (text[member.valueStart] !== '{') return null;
    open = member.valueStart;
  }
  return null;
}

function insert(
  text: string,
  block: Block,
  key: string,
  value: string,
  style: { indent: string; eol: string; depth: number; lines: boolean },
): string {
  const { members, open, close } = block;
  const entry = `${JSON.stringify(key)}: ${value}`;
  const own = style.eol + style.indent.repeat(style.depth + 1);
  const last = members.at(-1);
  if (!last) return `${text.slice(0, open)}{${own}${entry}${style.eol}${style.indent.repeat(style.depth)}}${text.slice(close + 1)}`;
  const between = style.lines ? own : ' ';
  const keys = members.map((member) => member.key);
  // Nobody sorts a manifest's own fields, even where they happen to be.
  const sorted = style.depth > 0 && keys.length > 1 && keys.every((one, i) => i === 0 || (keys[i - 1] ?? '') <= one);
  const next = sorted ? members.find((member) => member.key > key) : undefined;
  if (next) return `${text.slice(0, next.keyStart)}${entry},${between}${text.slice(next.keyStart)}`;
  return `${text.slice(0, last.valueEnd)},${between}${entry}${text.slice(last.valueEnd)}`;
}

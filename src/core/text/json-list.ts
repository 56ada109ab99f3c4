/** Puts an element into a list of JSON text, or takes one out, and leaves every other byte as it is. Pure. */

import { parseJson } from './json.ts';
import { setInJson } from './json-edit.ts';
import { readBlock, readList, valueAt } from './json-scan.ts';

/** The text with the element at the end of the list at `path`, which is made where there is none. Null where that is no list, or the text no object. */
export function addToList(text: string, path: readonly string[], element: unknown): string | null {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const open = valueAt(text, path);
  if (open === null) return setInJson(text, path, [element]);
  if (text[open] !== '[') return null;
  const { items } = readList(text, open);
  const last = items.at(-1);
  if (!last) return setInJson(text, path, [element]);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text.slice(open + 1, items[0]?.start);
  if (!before.includes('\n')) return `${text.slice(0, last.end)}, ${JSON.stringify(element)}${text.slice(last.end)}`;
  const own = before.slice(before.lastIndexOf('\n') + 1);
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const rendered = JSON.stringify(element, null, indent).replaceAll('\n', `${eol}${own}`);
  return `${text.slice(0, last.end)},${eol}${own}${rendered}${text.slice(last.end)}`;
}

/** The text without the elements that are `ours`; a list that is empty then goes with its key, and so do objects that held nothing else. */
export function dropFromList(text: string, path: readonly string[], ours: (element: unknown) => boolean): string {
  if (parseJson(text) === undefined) return text;
  let now = text;
  for (;;) {
    const open = valueAt(now, path);
    if (open === null || now[open] !== '[') return now;
    const { items } = readList(now, open);
    const n = items.findLastIndex(({ start, end }) => ours(parseJson(now.slice(start, end))));
    const item = items[n];
    if (!item) return now;
    const [before, after] = [items[n - 1], items[n + 1]];
    if (before) now = now.slice(0, before.end) + now.slice(item.end);
    else if (after) now = now.slice(0, item.start) + now.slice(after.start);
    else return dropFromJson(now, path);
  }
}

/** The text without the key at `path`, and without objects on the way that held nothing else. */
export function dropFromJson(text: string, path: readonly string[]): string {
  const parents = path.slice(0, -1);
  const open = parseJson(text) === undefined ? null : valueAt(text, parents);
  if (open === null || text[open] !== '{') return text;
  const { members, close } = readBlock(text, open);
  const n = members.findIndex(({ key }) => key === path.at(-1));
  const member = members[n];
  if (!member) return text;
  const [before, after] = [members[n - 1], members[n + 1]];
  if (before) return text.slice(0, before.valueEnd) + text.slice(member.valueEnd);
  if (after) return text.slice(0, member.keyStart) + text.slice(after.keyStart);
  return parents.length > 0 ? dropFromJson(text, parents) : `${text.slice(0, open)}{}${text.slice(close + 1)}`;
}

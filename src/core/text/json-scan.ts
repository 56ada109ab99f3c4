/** Where the values of a JSON text stand. The text is known to be JSON. Pure. */

export interface Member {
  key: string;
  keyStart: number;
  valueStart: number;
  valueEnd: number;
}

export interface Block {
  open: number;
  close: number;
  members: Member[];
}

/** The members of the object that opens at `open`. The text is known to be JSON. */
export function readBlock(text: string, open: number): Block {
  const members: Member[] = [];
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const keyStart = at;
    const keyEnd = endOfString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({ key: JSON.parse(text.slice(keyStart, keyEnd)), keyStart, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return { open, close: at, members };
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (/\s/.test(text[i] ?? '')) i++;
  return i;
}

function endOfString(text: string, at: number): number {
  let i = at + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function endOfValue(text: string, at: number): number {
  let depth = 0;
  let i = at;
  do {
    const char = text[i] ?? '';
    if (char === '"') i = endOfString(text, i) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (depth === 0) {
      while (i < text.length && !/[\s,}\]]/.test(text[i] ?? '')) i++;
      return i;
    }
    i++;
  } while (depth > 0);
  return i;
}

/** Start and end of each element of the list that opens at `open`, and where it closes. */
export function readList(text: string, open: number): { close: number; items: { start: number; end: number }[] } {
  const items: { start: number; end: number }[] = [];
  let at = skipSpace(text, open + 1);
  while (text[at] !== ']') {
    const end = endOfValue(text, at);
    items.push({ start: at, end });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return { close: at, items };
}

/** Where the value at `path` (keys from the top) begins; null where there is none. */
export function valueAt(text: string, path: readonly string[]): number | null {
  let at = skipSpace(text, 0);
  for (const key of path) {
    if (text[at] !== '{') return null;
    const member = readBlock(text, at).members.find((one) => one.key === key);
    if (!member) return null;
    at = member.valueStart;
  }
  return at;
}

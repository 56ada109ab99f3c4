/** Lines sorted by the word before their first space: an index that a file can keep, of which a question reads only the lines that it asks for. Pure; hot path. */

/** The lines of these keys, none twice and none with a space or a newline in it, and values, none with a newline. */
export function sortedLines(rows: Iterable<readonly [key: string, value: string]>): Buffer {
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(sorted.map(([key, value]) => `${key} ${value}\n`).join(''));
}

/** The value of a key, or null. */
export function valueIn(lines: Buffer, key: string): string | null {
  const start = firstFrom(lines, key);
  if (keyAt(lines, start) !== key) return null;
  return lines.toString('utf8', lines.indexOf(32, start) + 1, nextLine(lines, start) - 1);
}

/** The keys that begin with these letters, in their order. */
export function keysIn(lines: Buffer, beginning: string): string[] {
  const keys: string[] = [];
  for (let start = firstFrom(lines, beginning); start < lines.length; start = nextLine(lines, start)) {
    const key = keyAt(lines, start);
    if (!key.startsWith(beginning)) break;
    keys.push(key);
  }
  return keys;
}

/** Where the first line begins of which the key is not before this one. */
function firstFrom(lines: Buffer, key: string): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const start = middle === 0 ? 0 : lines.lastIndexOf(10, middle - 1) + 1;
    if (keyAt(lines, start) < key) low = nextLine(lines, middle);
    else high = start;
  }
  return low;
}

/** Where the line after this place begins; beyond the end where no newline follows, as in bytes that somebody else wrote. */
function nextLine(lines: Buffer, from: number): number {
  const newline = lines.indexOf(10, from);
  return (newline < 0 ? lines.length : newline) + 1;
}

const keyAt = (lines: Buffer, start: number): string => lines.toString('utf8', start, Math.max(start, lines.indexOf(32, start)));

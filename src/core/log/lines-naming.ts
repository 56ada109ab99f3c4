/** The lines of a log that may name something, told by their bytes: taking a megabyte apart takes 20 ms. Pure; hot path. */

/** JSON may have written the letters of a name in another way. */
const SPELLED = ['\\u', '\\/'];
/** What is read of bytes that are no text. */
const NO_TEXT = '\uFFFD';
/** Looking for more than these takes longer than reading everything. */
const MANY = 100;
const NEWLINE = 10;

/** Those lines, and no fewer than hold one of these names as JSON says it, or one of the marks to the letter, in their order. */
export function linesNaming(log: Buffer, names: readonly string[], marks: readonly string[] = []): string {
  if (names.length > MANY || names.some((name) => name.includes(NO_TEXT))) return log.toString('utf8');
  const lines = new Map<number, number>();
  for (const mark of [...names.map((name) => JSON.stringify(name)), ...marks, ...SPELLED]) {
    const bytes = Buffer.from(mark);
    for (let at = log.indexOf(bytes); at >= 0; ) {
      const newline = log.indexOf(NEWLINE, at);
      const end = newline < 0 ? log.length : newline + 1;
      lines.set(log.lastIndexOf(NEWLINE, at) + 1, end);
      at = end < log.length ? log.indexOf(bytes, end) : -1;
    }
  }
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([start, end]) => log.toString('utf8', start, end))
    .join('');
}

/** The lines of a log that may name one of some patterns, told by their bytes: taking a megabyte apart takes 20 ms. Pure; hot path. */

/** Lines that name no pattern and count for each, and those of which JSON may have written the letters in another way. */
const BESIDE = ['"closeout.', '"session.', '\\u', '\\/'];
/** What is read of bytes that are no text. */
const NO_TEXT = '\uFFFD';

/** Those lines, and no fewer than hold one of these names or an event of a closeout or a session as JSON says it, in their order. */
export function linesNaming(log: Buffer, names: readonly string[]): string {
  if (names.some((name) => name.includes(NO_TEXT))) return log.toString('utf8');
  const lines = new Map<number, number>();
  for (const mark of [...names.map((name) => JSON.stringify(name)), ...BESIDE]) {
    const bytes = Buffer.from(mark);
    for (let at = log.indexOf(bytes); at >= 0; ) {
      const newline = log.indexOf(10, at);
      const end = newline < 0 ? log.length : newline + 1;
      lines.set(log.lastIndexOf(10, at) + 1, end);
      at = end < log.length ? log.indexOf(bytes, end) : -1;
    }
  }
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([start, end]) => log.toString('utf8', start, end))
    .join('');
}

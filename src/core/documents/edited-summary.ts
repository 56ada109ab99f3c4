/** The mark on a summary that a person changed. Pure. */

const MARK = '*Edited by hand at the review. What was recorded stands in metrics.json and inventory.json.*';

/** The text with the mark once, below its first heading, and one LF at the end. */
export function markEdited(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const own = lines.filter((line) => line.trim() !== MARK);
  const at = own.findIndex((line) => /^#{1,6}\s/.test(line)) + 1;
  const rest = own.slice(at).join('\n').trim();
  return `${[...own.slice(0, at), ...(at > 0 ? [''] : []), MARK].join('\n')}\n\n${rest}\n`;
}

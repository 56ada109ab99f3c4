/** A block of lines of ours in a file that belongs to somebody else: put in, brought up to date, found again. Pure. */

/** The lines around the block. */
interface Marks {
  begin: string;
  end: string;
}

const HASH: Marks = { begin: '# git-session: begin', end: '# git-session: end' };
export const MARKDOWN: Marks = { begin: '<!-- git-session: begin -->', end: '<!-- git-session: end -->' };

/** The text with our block holding these lines: replaced where it stands, else appended. No lines: the block is taken out. Every other byte stays. */
export function withBlock(text: string | null, lines: readonly string[], marks = HASH): string {
  const body = text ?? '';
  const eol = body.includes('\r\n') ? '\r\n' : '\n';
  const block = lines.length > 0 ? [marks.begin, ...lines, marks.end].map((line) => line + eol).join('') : '';
  const old = span(body, marks);
  if (old) return body.slice(0, old.start) + block + body.slice(old.end);
  const joint = block === '' || body === '' || body.endsWith('\n') ? '' : eol;
  return body + joint + block;
}

/** The lines of our block; empty where there is none. */
export function blockLines(text: string | null): string[] {
  const old = span(text ?? '', HASH);
  if (!old) return [];
  return (text ?? '')
    .slice(old.start, old.end)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .slice(1, -1);
}

/** From the beginning of the first mark's line to the end of the last one's. */
function span(text: string, { begin, end }: Marks): { start: number; end: number } | null {
  const start = lineAt(text, begin, 0);
  const last = start === null ? null : lineAt(text, end, start);
  if (start === null || last === null) return null;
  const newline = text.indexOf('\n', last);
  return { start, end: newline < 0 ? text.length : newline + 1 };
}

/** Where a whole line of this text begins, from a place on. */
function lineAt(text: string, line: string, from: number): number | null {
  for (let at = text.indexOf(line, from); at >= 0; at = text.indexOf(line, at + 1)) {
    const rest = text.slice(at + line.length, at + line.length + 2);
    if ((at === 0 || text[at - 1] === '\n') && (rest === '' || rest[0] === '\n' || rest === '\r\n')) return at;
  }
  return null;
}

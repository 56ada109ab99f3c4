/** A block of lines of ours in a file that belongs to somebody else: put in, brought up to date, found again. Pure. */

/** The lines around the block. */
interface Marks {
  begin: string;
  end: string;
}

const HASH: Marks = { begin: '# git-session: begin', end: '# git-session: end' };
export const MARKDOWN: Marks = { begin: '<!-- git-session: begin -->', end: '<!-- git-session: end -->' };

/** The text with our block holding these lines: replaced where it stands, else appended. No lines: the block is taken out. */
export function withBlock(text: string | null, lines: readonly string[], { begin, end } = HASH): string {
  const eol = text?.includes('\r\n') ? '\r\n' : '\n';
  const rows = (text ?? '').split(/\r?\n/);
  if (rows[rows.length - 1] === '') rows.pop();
  const from = rows.indexOf(begin);
  const to = rows.indexOf(end, from);
  const block = lines.length > 0 ? [begin, ...lines, end] : [];
  const whole = from >= 0 && to > from;
  const next = whole ? [...rows.slice(0, from), ...block, ...rows.slice(to + 1)] : [...rows, ...block];
  return next.length === 0 ? '' : next.join(eol) + eol;
}

/** The lines of our block; empty where there is none. */
export function blockLines(text: string | null): string[] {
  const rows = (text ?? '').split(/\r?\n/);
  const from = rows.indexOf(HASH.begin);
  const to = rows.indexOf(HASH.end, from);
  return from >= 0 && to > from ? rows.slice(from + 1, to) : [];
}

/** A block of lines of ours in a file that belongs to somebody else: put in, brought up to date, found again. Pure. */

const BEGIN = '# git-session: begin';
const END = '# git-session: end';

/** The text with our block holding these lines: replaced where it stands, else appended. No lines: the block is taken out. */
export function withBlock(text: string | null, lines: readonly string[]): string {
  const eol = text?.includes('\r\n') ? '\r\n' : '\n';
  const rows = (text ?? '').split(/\r?\n/);
  if (rows[rows.length - 1] === '') rows.pop();
  const from = rows.indexOf(BEGIN);
  const to = rows.indexOf(END, from);
  const block = lines.length > 0 ? [BEGIN, ...lines, END] : [];
  const whole = from >= 0 && to > from;
  const next = whole ? [...rows.slice(0, from), ...block, ...rows.slice(to + 1)] : [...rows, ...block];
  return next.length === 0 ? '' : next.join(eol) + eol;
}

/** The lines of our block; empty where there is none. */
export function blockLines(text: string | null): string[] {
  const rows = (text ?? '').split(/\r?\n/);
  const from = rows.indexOf(BEGIN);
  const to = rows.indexOf(END, from);
  return from >= 0 && to > from ? rows.slice(from + 1, to) : [];
}

/** Text as a terminal lays it out: how wide it is, and lines cut to a width. Pure. */

/** The lines cut to a width in columns, words kept whole where they fit, continuations set in. */
export function wrapLine({ text, indent }: { text: string; indent: number }, width: number): string[] {
  const room = Math.max(20, width);
  if (columns(text) <= room) return [text];
  const rows: string[] = [];
  const lead = /^ */.exec(text)?.[0] ?? '';
  let row = '';
  let start = lead;
  for (let word of text.trim().split(' ')) {
    for (;;) {
      const next = row === '' ? start + word : `${row} ${word}`;
      if (columns(next) <= room) {
        row = next;
        break;
      }
      if (row === '') {
        // A word longer than the line: cut it.
        const cut = [...word].slice(0, room - start.length).join('');
        rows.push(start + cut);
        word = word.slice(cut.length);
      } else {
        rows.push(row);
        row = '';
      }
      start = ' '.repeat(Math.min(indent, room - 10));
    }
  }
  if (row !== '') rows.push(row);
  return rows;
}

/** Columns that a terminal needs: wide characters take two. */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let sum = 0;
  for (const c of text)
    sum += /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(c)
      ? 2
      : /\p{M}/u.test(c)
        ? 0
        : 1;
  return sum;
}

/** A short line diff for a preview. Pure. */

export interface DiffLine {
  kind: ' ' | '+' | '-';
  text: string;
}

/** Above this product of changed lines the middle is shown as replaced, not aligned. */
const MOST = 1_000_000;

/** Changed lines with `context` unchanged ones around each change; null stands for no file. */
export function lineDiff(before: string | null, after: string | null, context = 1): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = aligned(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const same = (lines: string[]) => lines.map((text): DiffLine => ({ kind: ' ', text }));
  const all = [...same(a.slice(0, head)), ...middle, ...same(tail > 0 ? a.slice(-tail) : [])];
  return all.filter((_, i) => all.slice(Math.max(0, i - context), i + context + 1).some(({ kind }) => kind !== ' '));
}

function linesOf(text: string | null): string[] {
  if (!text) return [];
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** Longest common subsequence. */
function aligned(a: string[], b: string[]): DiffLine[] {
  const removed = a.map((text): DiffLine => ({ kind: '-', text }));
  const added = b.map((text): DiffLine => ({ kind: '+', text }));
  if (a.length === 0 || b.length === 0 || a.length * b.length > MOST) return [...removed, ...added];
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: ' ', text: a[i] ?? '' });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: '-', text: a[i++] ?? '' });
    } else {
      lines.push({ kind: '+', text: b[j++] ?? '' });
    }
  }
  return lines;
}

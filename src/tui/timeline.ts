/** When somebody was at work, drawn in characters. Pure. */

export interface Stretch {
  /** ISO times; the end is null where none was recorded. */
  started_at: string;
  finished_at: string | null;
}

/** One row of `width` cells from `from` to `to` (ms): full where a stretch lies, light where its end was not recorded, a dot elsewhere. */
export function timeline(stretches: readonly Stretch[], { from, to, width }: { from: number; to: number; width: number }): string {
  const cells: string[] = Array(width).fill('\u00b7');
  const at = (ms: number) => Math.min(width - 1, Math.max(0, Math.floor(((ms - from) / (to - from)) * width)));
  // Open ones first: what is known is drawn over them.
  for (const open of [true, false]) {
    for (const { started_at, finished_at } of stretches) {
      if ((finished_at === null) !== open) continue;
      const start = Date.parse(started_at);
      const end = finished_at === null ? to : Date.parse(finished_at);
      if (!Number.isFinite(start) || !Number.isFinite(end) || start > to || end < from) continue;
      // A stretch that ends where a cell begins does not reach into it.
      const last = Math.max(at(start), Math.min(width - 1, Math.ceil(((end - from) / (to - from)) * width) - 1));
      cells.fill(open ? '\u2591' : '\u2588', at(start), last + 1);
    }
  }
  return cells.join('');
}

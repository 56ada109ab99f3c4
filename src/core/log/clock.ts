/** Hybrid time: the wall clock, but never behind what the writer has seen, with a counter within one millisecond. Pure; hot path. */

/** Milliseconds since the epoch, and the counter within that millisecond. */
export interface HybridTime {
  ms: number;
  n: number;
}

/** The time of the next record: `nowMs`, or just after what was seen where the clock stands still or went back. */
export function nextTime(nowMs: number, seen: HybridTime | null): HybridTime {
  if (!seen || nowMs > seen.ms) return { ms: nowMs, n: 0 };
  return { ms: seen.ms, n: seen.n + 1 };
}

/** The later of two times. */
export function laterOf(a: HybridTime | null, b: HybridTime): HybridTime {
  return a && (a.ms > b.ms || (a.ms === b.ms && a.n >= b.n)) ? a : b;
}

/** A moment as `toISOString` writes it (years 0 to 9999), which would look the machine's time zone up first: 0.15 ms of every hook. */
export function isoTime(ms: number): string {
  const at = new Date(ms);
  const digits = (value: number, width = 2) => String(value).padStart(width, '0');
  const day = `${digits(at.getUTCFullYear(), 4)}-${digits(at.getUTCMonth() + 1)}-${digits(at.getUTCDate())}`;
  const time = `${digits(at.getUTCHours())}:${digits(at.getUTCMinutes())}:${digits(at.getUTCSeconds())}`;
  return `${day}T${time}.${digits(at.getUTCMilliseconds(), 3)}Z`;
}

interface Stamped {
  at: string;
  n?: number;
  id: string;
}

/**
 * The one order of records: by time, then counter, then id (as code units). Total over distinct ids. Times are compared as text: a sound
 * record writes them in one form, in which the order of the text is that of time.
 */
export function compareRecords(a: Stamped, b: Stamped): number {
  return compareText(a.at, b.at) || (a.n ?? 0) - (b.n ?? 0) || compareText(a.id, b.id);
}

/** -1, 0 or 1 by UTF-16 code units: the same on every machine, unlike a locale's order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A point in time as people write it. Pure. */

const UNIT_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `2025-11-17`, `2025-11-17T14:30:00Z`, `12h`, `7d`, `2w`, `3 days`: milliseconds since the epoch; null where it is none of these. */
export function parseSince(text: string, now: number): number | null {
  const word = text.trim().toLowerCase();
  const span = /^(\d{1,5}) ?(h|d|w|hours?|days?|weeks?)(?: ago)?$/.exec(word);
  if (span) return now - Number(span[1]) * (UNIT_MS[span[2]?.[0] ?? ''] ?? 0);
  if (!/^\d{4}-\d\d-\d\d(?:$|t)/.test(word)) return null;
  const at = Date.parse(word.toUpperCase());
  return Number.isNaN(at) ? null : at;
}

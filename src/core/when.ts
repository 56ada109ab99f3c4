/** Moments as people write them. Pure. */

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A date (`2026-11-01`, or with a time; UTC unless it says otherwise) or an age before `now` (`2w`, `3d`, `12h`, `30m`); null where it is neither. */
export function parseWhen(word: string, now: number): Date | null {
  const age = /^(\d{1,6})([mhdw])$/.exec(word.trim());
  if (age) return new Date(now - Number(age[1]) * UNIT_MS[age[2] as keyof typeof UNIT_MS]);
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(word.trim())) return null;
  const text = word.trim().replace(' ', 'T');
  const date = new Date(/T/.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Figures as people read them. Pure. */

import { numberText } from '../core/text/text.ts';

/** What stands where nobody recorded a figure. */
export const UNKNOWN = 'not recorded';

/** `12 min`, `2 h 5 min`; null is not recorded. */
export function minutesText(minutes: number | null): string {
  if (minutes === null) return UNKNOWN;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${Math.round(minutes % 60)} min`;
}

/** `4 ms`, `0.4 s`, `12 s`, `2 min 5 s`; null is not recorded. */
export function secondsText(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `+12 -3`; null: a binary file, or nothing that has lines. */
export const linesText = (lines: { added: number; removed: number } | null): string =>
  lines === null ? 'no lines' : `+${numberText(lines.added)} -${numberText(lines.removed)}`;

/** `14:31` of the local day. */
export function clockText(iso: string | number): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? UNKNOWN : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `2025-11-17 14:31`, local. */
export function momentText(iso: string | number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return UNKNOWN;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockText(iso)}`;
}

const two = (n: number) => String(n).padStart(2, '0');

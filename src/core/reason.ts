/** Why a session was sent back. Pure. */

export interface Reason {
  text: string;
  /** The place that it is about, where one was given. */
  path?: string;
  line?: number;
}

/** `src/app.ts:12: this leaks` as a place and a text; anything else is text alone. */
export function parseReason(raw: string): Reason {
  const match = /^([^\s:][^:\n]*?):(\d{1,7}):\s*(\S[\s\S]*)$/.exec(raw.trim());
  if (!match) return { text: raw.trim() };
  return { text: (match[3] ?? '').trim(), path: match[1] ?? '', line: Number(match[2]) };
}

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
  const [, path = ''] = match ?? [];
  // "at 10:30: it fails" names no file.
  if (!match || (/\s/.test(path) && !/[./]/.test(path))) return { text: raw.trim() };
  return { text: (match[3] ?? '').trim(), path, line: Number(match[2]) };
}

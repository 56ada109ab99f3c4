/** Text of agents, files and payloads made safe for a terminal, a trailer or a list. */

// C0, DEL, C1, and the marks that reorder or hide text (bidi controls, zero width, line separators, tags).
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** True where the text holds a character that must not reach a terminal or a trailer raw. */
export function hasUnsafe(text: string): boolean {
  UNSAFE.lastIndex = 0;
  return UNSAFE.test(text);
}

/** The text with control and reordering characters made visible; `keep` may name characters let through ("\n", "\t"). */
export function visible(text: string, keep = ''): string {
  return text.replace(UNSAFE, (c) => {
    if (keep.includes(c)) return c;
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
    if (code === 0x7f) return '^?';
    return `\\u{${code.toString(16)}}`;
  });
}

/** JSON text with those characters escaped as JSON does: it parses to the same value. */
export function escapeUnsafe(json: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(UNSAFE, (c) => c.split('').map(escaped).join(''));
}

/** One safe line of at most `max` characters (code points), cut with an ellipsis. */
export function oneLine(text: string, max = 200): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  const points = [...line];
  return points.length <= max ? line : `${points.slice(0, Math.max(0, max - 1)).join('')}…`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Bytes as people read them: "300 B", "1.5 KB", "2 MB". */
export function size(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round((bytes / 1024 ** step) * 10) / 10} ${UNITS[step]}`;
}

/** `1,200`. */
export const numberText = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** A time as people read it: `2025-11-17 14:30 UTC`; what is none as it stands, safe. */
export function timeText(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? oneLine(iso, 40) : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** "1 file", "2 files". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

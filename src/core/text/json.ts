/** JSON in the one form that can be hashed and signed. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * RFC 8785 canonical JSON: keys sorted by UTF-16 code units, no white space, ECMAScript numbers.
 * Throws a TypeError on what JSON cannot hold (undefined, non-finite numbers, lone surrogates).
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonical JSON holds finite numbers only');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('canonical JSON holds well-formed strings only');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`canonical JSON cannot hold ${typeof value}`);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${canonicalJson(key)}:${canonicalJson(value[key] as Json)}`).join(',')}}`;
}

/** Pretty JSON with one LF at the end: the form of every tracked JSON file. */
export function fileJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The value as a plain object, or null: the guard of hand-read JSON. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

/**
 * True for JSON text in which arrays and objects lie in each other deeper than `most`: whatever walks it by recursion, as `JSON.stringify`
 * does, could run out of stack. The text need not be sound.
 */
export function isDeeper(text: string, most: number): boolean {
  if (text.length <= 2 * most || !hasOpeners(text, most)) return false;
  let depth = 0;
  for (let at = 0, quoted = false; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 92) at++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 91 || code === 123) {
      if (++depth > most) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
}

/** More than `most` opening brackets: told quickly, and false for nearly every text. */
function hasOpeners(text: string, most: number): boolean {
  let found = 0;
  for (const bracket of '[{') {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) if (++found > most) return true;
  }
  return false;
}

/** True for two values of JSON that are the same, keys in the same order: the usual case of a duplicate, told without writing text. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  const others = Object.keys(b);
  return (
    names.length === others.length &&
    names.every((name, i) => name === others[i] && sameJson((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  );
}

/** What a text that somebody wants kept means: a JSON object or array as that, any other text as text. */
export function textOrJson(text: string): unknown {
  const parsed = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  return parsed === undefined ? text : parsed;
}

/** Parsed JSON, or undefined where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

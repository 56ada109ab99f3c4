/** SQL's LIKE, and places of memory chosen by it. Pure. */

import { fullKey, type MemoryPlace } from './key.ts';

/** `%` any text, also none; `_` one character; a backslash before either means the character itself. Letter case does not matter. */
export function likeMatcher(pattern: string): (text: string) => boolean {
  const parts = parse(pattern.toLowerCase());
  return (text) => matches(parts, [...text.toLowerCase()]);
}

/** Whether a place is in the namespace and its key, or the namespace and key as one path, is like the pattern; undefined admits all. */
export function placeMatcher(namespace: string | undefined, pattern: string | undefined): (place: MemoryPlace) => boolean {
  const named = namespace?.normalize('NFC');
  if (pattern === undefined) return named === undefined ? () => true : (place) => place.namespace === named;
  const like = likeMatcher(pattern.normalize('NFC').slice(0, 1000));
  return (place) => (named === undefined || place.namespace === named) && (like(place.key) || like(fullKey(place)));
}

const ANY_TEXT = Symbol('any text');
const ANY_ONE = Symbol('any one');
type Part = string | typeof ANY_TEXT | typeof ANY_ONE;

function parse(pattern: string): Part[] {
  const parts: Part[] = [];
  const points = [...pattern];
  for (let i = 0; i < points.length; i++) {
    const point = points[i] ?? '';
    if (point === '\\' && /^[%_\\]$/.test(points[i + 1] ?? '')) parts.push(points[++i] ?? '');
    else parts.push(point === '%' ? ANY_TEXT : point === '_' ? ANY_ONE : point);
  }
  return parts;
}

/** Only the last `%` is ever retried, so that no pattern costs more than its length times the text's. */
function matches(parts: Part[], text: string[]): boolean {
  let part = 0;
  let at = 0;
  let retryPart = -1;
  let retryAt = 0;
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted === ANY_TEXT) {
      retryPart = ++part;
      retryAt = at;
    } else if (wanted === ANY_ONE || (wanted !== undefined && wanted === text[at])) {
      part++;
      at++;
    } else if (retryPart >= 0) {
      part = retryPart;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  while (parts[part] === ANY_TEXT) part++;
  return part === parts.length;
}

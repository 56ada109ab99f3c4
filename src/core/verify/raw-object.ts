/** A commit or tag as its signed bytes say, strictly: what git would write, and nothing beside it. Pure. */

export interface RawObject {
  headers: Map<string, string[]>;
  message: string;
}

const ORDER = { tag: /^object type tag tagger$/, commit: /^tree( parent)* author committer( encoding)?$/ };

/**
 * The parts of an object's text, its signature taken out; null where it is not well-formed: unknown, missing, repeated or misplaced headers.
 */
export function parseRawObject(text: string, type: 'tag' | 'commit'): RawObject | null {
  const end = text.indexOf('\n\n');
  if (end === -1 || text.includes('\0')) return null;
  const headers = new Map<string, string[]>();
  const names: string[] = [];
  for (const line of text.slice(0, end).split('\n')) {
    const space = line.indexOf(' ');
    if (space < 1) return null;
    const name = line.slice(0, space);
    headers.set(name, [...(headers.get(name) ?? []), line.slice(space + 1)]);
    names.push(name);
  }
  return ORDER[type].test(names.join(' ')) ? { headers, message: text.slice(end + 2) } : null;
}

/** The one value of a header; empty where there is none. */
export function header(object: RawObject, name: string): string {
  return object.headers.get(name)?.[0] ?? '';
}

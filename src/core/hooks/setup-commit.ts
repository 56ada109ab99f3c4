/** Messages of the commits that set the tool up or take it out: they say which blob became which, so that it can be undone to the byte. Pure. */

import { parseTrailers } from '../session/trailers.ts';
import { visible } from '../text/text.ts';

/** What one file was and became; null where there was or is none. */
export interface SetupEdge {
  path: string;
  /** Blob ids. */
  before: string | null;
  after: string | null;
}

const SETUP_EVENT = 'setup';

/** The whole message; the trailer is what such commits are found by. */
export function setupMessage(subject: string, edges: readonly SetupEdge[]): string {
  const lines = edges.map(({ path, before, after }) => {
    const what = before === null ? 'add' : after === null ? 'remove' : 'change';
    return `- ${what} ${visible(path)} (${before ?? ''}..${after ?? ''})`;
  });
  return `${subject}\n\n${lines.join('\n')}\n\nSession-Event: ${SETUP_EVENT}\n`;
}

/** What a message says of files; empty where the commit is none of these. A squash of it with other changes names other blobs than it holds. */
export function setupEdges(message: string): SetupEdge[] {
  if (!(parseTrailers(message).get('Session-Event') ?? []).includes(SETUP_EVENT)) return [];
  return [...message.matchAll(/^- (?:add|change|remove) (.+) \(([0-9a-f]*)\.\.([0-9a-f]*)\)\r?$/gm)].map(
    ([, path = '', before = '', after = '']) => ({ path, before: before || null, after: after || null }),
  );
}

/**
 * What a file was before the set-up, by these edges from the newest to the oldest: a blob id or null. `unknown` where it is not what the
 * newest of them left, or was changed by others in between.
 */
export function undone(now: string | null, edges: readonly SetupEdge[]): { blob: string | null } | 'unknown' {
  if (edges.length === 0) return 'unknown';
  let blob = now;
  for (const edge of edges) {
    if (edge.after !== blob) return 'unknown';
    blob = edge.before;
  }
  return { blob };
}

/** What connecting a client means, as data: files of ours, and our entries in files of others. Pure. */

/** A piece of one file. `about`: it is there where policy wants that of a client. */
export type Piece =
  /** The whole file is ours. */
  | { path: string; kind: 'file'; text: string }
  /** An element of a list in a JSON file; elements that `ours` admits are replaced by it. */
  | { path: string; kind: 'element'; at: string[]; value: unknown; ours(element: unknown): boolean; about?: 'worktrees' }
  /** A key of an object in a JSON file. `fresh`: what a new file begins with, where the client would put that in itself. */
  | { path: string; kind: 'key'; at: string[]; value: unknown; fresh?: string }
  /** Lines of ours in a file with `#` comments. */
  | { path: string; kind: 'lines'; lines: string[] }
  /** Lines of ours in a Markdown file. */
  | { path: string; kind: 'prose'; lines: string[] };

/** Where every client finds the program: tracked, and a part of no client's own folder. */
export const HOOK_FILE = '.swarm/hook.sh';

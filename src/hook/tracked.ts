/** What HEAD holds, asked in one process for everything that routing wants to know. */

import { askGit } from './spawn.ts';

/** Answers whether a folder exists in HEAD: those named at once, others when asked. */
export function trackedDirs(top: string, first: ReadonlySet<string>): (dir: string) => boolean {
  const known = typesAt(top, [...first]);
  return (dir) => {
    if (!known.has(dir)) for (const [name, type] of typesAt(top, [dir])) known.set(name, type);
    return known.get(dir) === 'tree';
  };
}

/** By path, what HEAD holds there: `blob`, `tree`, or something else for nothing. Throws where git cannot be asked. */
export function typesAt(top: string, paths: readonly string[]): Map<string, string> {
  if (paths.length === 0) return new Map();
  // A name with a newline would be two questions; nothing of that name is taken for tracked.
  const input = paths.map((path) => (path.includes('\n') ? '^\n' : `HEAD:${path}\n`)).join('');
  const out = askGit(['cat-file', '--batch-check=%(objecttype)', '--buffer'], { cwd: top, input });
  if (out === null) throw new Error('git cat-file did not succeed');
  const types = out.toString('utf8').split('\n');
  return new Map(paths.map((path, n) => [path, types[n] ?? '']));
}

/** What a change comes to, whatever it was applied to. */

import { withoutAttributes } from './attributes.ts';
import { type Repo, runBytes, runGit } from './run.ts';

const DIFF = [
  ...['diff-tree', '-p', '-r', '-U3', '--no-renames', '--full-index'],
  ...['--no-ext-diff', '--no-textconv', '--no-color', '--diff-algorithm=myers'],
];

/**
 * `git patch-id --verbatim` (which is stable too, and refuses `--stable` beside it) of the change between two trees or commits;
 * null for no change, or where git is too old to know it (before 2.39).
 * Binary files count by their blob ids; attributes and settings of the clone do not count.
 */
export async function patchId(repo: Repo, from: string, to: string): Promise<string | null> {
  const patch = await runBytes(...withoutAttributes(repo, [...DIFF, from, to]));
  if (patch.length === 0) return null;
  const named = await runGit(repo, ['patch-id', '--verbatim'], { input: patch, ok: [0, 129] });
  return named.code === 0 ? (named.out.split(' ')[0] ?? null) : null;
}

/** As patchId, for many pairs of trees (ids of trees, not commits) in two processes. */
export async function patchIds(repo: Repo, pairs: readonly (readonly [from: string, to: string])[]): Promise<(string | null)[]> {
  if (pairs.length === 0) return [];
  const input = pairs.map(([from, to]) => `${from} ${to}\n`).join('');
  const [command = '', ...options] = DIFF;
  const all = await runBytes(...withoutAttributes(repo, [command, '--stdin', ...options], { input }));
  // git names the two trees before each patch; what takes their place tells the patches apart again.
  const parts: Buffer[] = [];
  let at = 0;
  pairs.forEach(([from, to], i) => {
    const head = Buffer.from(`${from} ${to}\n`);
    const start = all.indexOf(head, at) + head.length;
    const next = pairs[i + 1];
    const end = next ? indexOfLine(all, Buffer.from(`${next[0]} ${next[1]}\n`), start) : all.length;
    parts.push(Buffer.from(`commit ${i.toString(16).padStart(from.length, '0')}\n`), all.subarray(start, end));
    at = end;
  });
  const named = await runGit(repo, ['patch-id', '--verbatim'], { input: Buffer.concat(parts), ok: [0, 129] });
  const ids = new Map(named.code === 0 ? named.out.split('\n').map((line) => line.split(' ').reverse() as [string, string]) : []);
  return pairs.map(([from], i) => ids.get(i.toString(16).padStart(from.length, '0')) ?? null);
}

/** Where the line begins; no line of a patch can be one, since each begins with a mark. */
function indexOfLine(text: Buffer, line: Buffer, from: number): number {
  for (let at = text.indexOf(line, from); at !== -1; at = text.indexOf(line, at + 1)) if (at === 0 || text[at - 1] === 10) return at;
  return text.length;
}

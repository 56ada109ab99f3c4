/** Several comparisons of trees in one process. */

import type { Change } from './objects.ts';
import { type Repo, runGit } from './run.ts';

/** Paths that differ between each two trees (ids of trees, not commits), without rename detection. Throws GitError where a tree is missing. */
export async function diffMany(repo: Repo, pairs: readonly (readonly [from: string, to: string])[]): Promise<Change[][]> {
  if (pairs.length === 0) return [];
  const input = pairs.map(([from, to]) => `${from} ${to}\n`).join('');
  const { out } = await runGit(repo, ['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-renames', '--no-abbrev'], { input });
  const found: Change[][] = [];
  let changes: Change[] = [];
  for (let at = 0; at < out.length; ) {
    if (out[at] !== ':') {
      // `<from> <to>` and a line feed begin each comparison.
      at = out.indexOf('\n', at) + 1;
      changes = [];
      found.push(changes);
      continue;
    }
    const meta = out.indexOf('\0', at);
    const end = out.indexOf('\0', meta + 1);
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = out.slice(at + 1, meta).split(' ');
    changes.push({ status: status[0] as Change['status'], path: out.slice(meta + 1, end), oldMode, newMode, oldOid, newOid });
    at = end + 1;
  }
  return found;
}

const EMPTY_TREE = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

/** Every file of several trees (ids of trees), by path below each, in one process. */
export async function listMany(repo: Repo, trees: readonly string[]): Promise<Map<string, string>[]> {
  const found = await diffMany(
    repo,
    trees.map((tree) => [EMPTY_TREE[repo.objectFormat], tree] as const),
  );
  return found.map((changes) => new Map(changes.map(({ path, newOid }) => [path, newOid])));
}

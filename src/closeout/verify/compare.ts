/** What a forge brought to base beside what was approved. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import type { LaterCommit } from '../../core/verify/merge.ts';
import { mergeBase } from '../../git/ancestry.ts';
import { statMany } from '../../git/batch.ts';
import { diffMany } from '../../git/diff-many.ts';
import { mergeTree } from '../../git/merge-tree.ts';
import { type Change, diffTrees, listCommits } from '../../git/objects.ts';
import { commitOf, isAncestor, oidOf } from '../../git/refs.ts';
import { ask, GitError, type Repo } from '../../git/run.ts';
import type { Landing } from '../landed/landings.ts';

/**
 * Paths of the landing that hold neither what was approved nor what git's own merge of the seal and base gives: approved ones with another
 * content, and others that the landing changed too.
 */
export async function editedPaths(repo: Repo, manifest: Manifest, landing: Landing, tree: string): Promise<string[]> {
  const [before = ''] = landing.parents;
  const trees = await Promise.all([manifest.base, before].map((commit) => oidOf(repo, `${commit}^{tree}`)));
  const [base, previous] = [trees[0] ?? tree, trees[1] ?? tree];
  const [approved = [], other = [], brought = []] = await diffMany(repo, [
    [base, manifest.landed_tree],
    [manifest.landed_tree, tree],
    [previous, tree],
  ]);
  const differs = pathsOf(other);
  const wanted = pathsOf(approved);
  const suspects = [
    ...approved.filter(({ path }) => differs.has(path)).map(({ path }) => path),
    ...brought.filter(({ path }) => !wanted.has(path)).map(({ path }) => path),
  ];
  if (suspects.length === 0) return [];
  const came = pathsOf(brought);
  // A merge or squash changes all of it in one commit; of a rebase base is as many commits back as the session has.
  const own = Number(await ask(repo, ['rev-list', '--count', '--no-merges', '--end-of-options', `${manifest.base}..${manifest.seal}`]));
  const start = await commitOf(repo, `${landing.commit}~${own}`);
  const merged = [
    ...(await unlikeMerge(repo, before, manifest.seal, tree)).map((paths) => (path: string) => came.has(path) && !paths.has(path)),
    ...(start ? await unlikeMerge(repo, start, manifest.seal, tree) : []).map((paths) => (path: string) => !paths.has(path)),
  ];
  return suspects.filter((path) => !merged.some((isMerged) => isMerged(path)));
}

/** Paths in which a tree differs from the merge of base and seal; none where these conflict. */
async function unlikeMerge(repo: Repo, base: string, seal: string, tree: string): Promise<Set<string>[]> {
  const merged = await mergeTree(repo, base, seal).catch((error) => {
    if (error instanceof GitError) return null;
    throw error;
  });
  if (!merged || 'conflicts' in merged) return [];
  return [pathsOf(await diffTrees(repo, merged.tree, tree))];
}

/** Commits between the seal and a tip that are not on base, with what each changed by itself; none where the tip does not descend from the seal. */
export async function commitsAfter(repo: Repo, seal: string, tip: string, base: string): Promise<LaterCommit[]> {
  if (tip === seal || !(await isAncestor(repo, seal, tip))) return [];
  const commits = await listCommits(repo, [tip, `^${seal}`, `^${base}`]);
  return Promise.all(
    commits.map(async ({ oid, tree, parents: [first = '', second, ...more] }) => {
      const merged = second && more.length === 0 ? await mergeTree(repo, first, second) : null;
      const from = merged && 'tree' in merged ? merged.tree : first;
      return { commit: oid, paths: (await diffTrees(repo, from, tree)).map(({ path }) => path) };
    }),
  );
}

/** Of a session that has not landed whole: its changes that are on base all the same, and its folder where base has one. */
export async function partlyOn(repo: Repo, id: string, seal: string, tip: string): Promise<string[]> {
  const fork = await mergeBase(repo, tip, seal);
  const changes = fork ? await diffTrees(repo, fork, seal) : [];
  const folder = `sessions/${id}`;
  const [there, ...found] = await statMany(
    repo,
    [folder, ...changes.map(({ path }) => path)].map((path) => `${tip}:${path}`),
  );
  const same = changes.filter(({ path, newOid, status }, i) => {
    const oid = found[i]?.oid;
    return !path.startsWith(`${folder}/`) && (status === 'D' ? oid === undefined : oid === newOid);
  });
  return [...(there ? [`${folder}/`] : []), ...same.map(({ path }) => path)];
}

const pathsOf = (changes: readonly Change[]) => new Set(changes.map(({ path }) => path));

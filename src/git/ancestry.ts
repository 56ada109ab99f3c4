/** How commits and branches stand to each other. */

import { ask, askOrNull, type Repo } from './run.ts';

/** The best common ancestor of two commits, or null where they share none. */
export function mergeBase(repo: Repo, a: string, b: string): Promise<string | null> {
  return askOrNull(repo, ['merge-base', a, b]);
}

/** Number of commits that `to` has and `from` has not. */
export async function countCommits(repo: Repo, from: string, to: string): Promise<number> {
  return Number(await ask(repo, ['rev-list', '--count', '--end-of-options', `${from}..${to}`]));
}

/** Commits that only `mine` has and that only `theirs` has; null where one is unknown. */
export async function aheadBehind(repo: Repo, mine: string, theirs: string): Promise<{ ahead: number; behind: number } | null> {
  const out = await askOrNull(repo, ['rev-list', '--left-right', '--count', '--end-of-options', `${mine}...${theirs}`]);
  const [ahead, behind] = (out ?? '').split('\t').map(Number);
  return ahead === undefined || behind === undefined || out === null ? null : { ahead, behind };
}

export interface Upstream {
  /** Full name of the remote-tracking ref. */
  ref: string;
  remote: string;
  /** Full name of the branch at the remote. */
  merge: string;
  /** Its commit as last fetched; null where it was never fetched or is gone. */
  commit: string | null;
}

/** What a local branch (short name) tracks, or null. A branch that tracks another local one has no upstream here. */
export async function upstreamOf(repo: Repo, branch: string): Promise<Upstream | null> {
  const format = '%(upstream)%00%(upstream:remotename)%00%(upstream:remoteref)';
  const row = await ask(repo, ['for-each-ref', `--format=${format}`, `refs/heads/${branch}`]);
  const [ref = '', remote = '', merge = ''] = (row.split('\n')[0] ?? '').split('\0');
  if (!ref.startsWith('refs/remotes/') || !remote || !merge) return null;
  const commit = await askOrNull(repo, ['rev-parse', '--quiet', '--verify', '--end-of-options', `${ref}^{commit}`]);
  return { ref, remote, merge, commit };
}

/** Commits that descend from `from` and that `to` has, with their parents; empty where `to` does not descend from `from`. */
export async function pathBetween(repo: Repo, from: string, to: string): Promise<{ commit: string; parents: string[] }[]> {
  const out = await askOrNull(repo, ['rev-list', '--ancestry-path', '--parents', '--end-of-options', `${from}..${to}`]);
  return (out ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [commit = '', ...parents] = line.split(' ');
      return { commit, parents };
    });
}

/** Every commit that `to` has and `from` has not. */
export async function commitsBetween(repo: Repo, from: string, to: string): Promise<Set<string>> {
  const out = await ask(repo, ['rev-list', '--end-of-options', `${from}..${to}`]);
  return new Set(out.split('\n').filter(Boolean));
}

/** For every commit that `tip` has, the commit of its first-parent line that brought it (itself, where it lies on the line). One process. */
export async function arrivalsOf(repo: Repo, tip: string): Promise<(commit: string) => string | null> {
  const parents = new Map<string, string[]>();
  for (const row of (await ask(repo, ['rev-list', '--parents', '--end-of-options', tip])).split('\n')) {
    const [commit = '', ...above] = row.split(' ');
    parents.set(commit, above);
  }
  const line: string[] = [];
  for (let commit: string | undefined = tip; commit !== undefined; commit = parents.get(commit)?.[0]) line.push(commit);
  const brought = new Map(line.map((commit) => [commit, commit]));
  // The oldest first: what an older commit brought is not brought again.
  for (const commit of line.reverse()) {
    const open = parents.get(commit)?.slice(1) ?? [];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (brought.has(one)) continue;
      brought.set(one, commit);
      open.push(...(parents.get(one) ?? []));
    }
  }
  return (commit) => brought.get(commit) ?? null;
}

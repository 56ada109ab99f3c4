/** A commit of a tree, made as an object that no ref names. */

import { ask, type Repo } from './run.ts';

/** An unsigned commit by the configured identity. `date` (ISO) fixes both of its dates, so that repeating gives the same id. */
export function commitTree(repo: Repo, draft: { tree: string; parents: string[]; message: string; date: string }): Promise<string> {
  const parents = draft.parents.flatMap((parent) => ['-p', parent]);
  return ask(repo, ['commit-tree', '--no-gpg-sign', ...parents, '-F', '-', draft.tree], {
    input: draft.message,
    env: { GIT_AUTHOR_DATE: draft.date, GIT_COMMITTER_DATE: draft.date },
  });
}

/** The trees of commits, or the commits' own first parents, and so on: each expression's id. Throws GitError where one is unknown. */
export function treeOf(repo: Repo, commit: string): Promise<string> {
  return ask(repo, ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`]);
}

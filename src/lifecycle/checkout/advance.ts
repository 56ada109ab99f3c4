/** Moves a branch forward together with the checkout that has it. */

import { stateError } from '../../core/errors.ts';
import { moveRef } from '../../git/refs.ts';
import { GitError, type Repo } from '../../git/run.ts';
import { moveFiles } from '../../git/two-trees.ts';

export interface Advance {
  /** Short name. */
  branch: string;
  /** The repository as its checkout sees it; null where none has the branch. */
  checkout: Repo | null;
  from: string;
  to: string;
  /** For the reflog. */
  why: string;
}

/** The checkout first, under git's own rules for uncommitted changes, then the branch; where that has moved, the checkout goes back. Throws (exit 1) with nothing changed. */
export async function advance(repo: Repo, { branch, checkout, from, to, why }: Advance): Promise<void> {
  if (checkout) await moveFiles(checkout, from, to);
  try {
    await moveRef(repo, `refs/heads/${branch}`, to, from, `git-session: ${why}`);
  } catch (error) {
    if (checkout) await moveFiles(checkout, to, from);
    if (!(error instanceof GitError)) throw error;
    throw stateError(
      { what: `${branch} moved meanwhile, so nothing was changed.`, why: error.said, next: 'Run the command again.' },
      error,
    );
  }
}

/** Taking a checkout from one commit to the next, uncommitted changes kept. */

import { stateError } from '../core/errors.ts';
import { GitError, type Repo, runGit } from './run.ts';

/**
 * Index and files go from commit to commit where these differ; everything else stays as it is, staged and unstaged. HEAD is not moved.
 * Throws (exit 1) and changes nothing where a file that differs has changes, or an untracked one is in its place.
 */
export async function moveFiles(checkout: Repo, from: string, to: string): Promise<void> {
  await runGit(checkout, ['update-index', '-q', '--refresh'], { ok: [0, 1] });
  try {
    await runGit(checkout, ['read-tree', '-m', '-u', from, to]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const why = error.said.replace(/^(error|fatal): /gm, '');
    throw stateError(
      {
        what: 'Files of yours are in the way, so nothing was changed.',
        why,
        next: 'Commit them or set them aside, and run the command again.',
      },
      error,
    );
  }
}

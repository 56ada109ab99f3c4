/** What a checkout is on. */

import type { Head } from '../../core/acts.ts';
import { commitOf, currentBranch } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';

/** The branch, also an unborn one; else the commit. */
export async function headOf(repo: Repo): Promise<Head> {
  const branch = await currentBranch(repo);
  return branch === null ? { commit: (await commitOf(repo, 'HEAD')) ?? '' } : { branch };
}

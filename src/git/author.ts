/** The author of the commits that are made without `git commit`. */

import { ask, type Repo } from './run.ts';

/** Who is named as the author: the committer, unless the environment says another (GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL). */
export async function authorIdent(repo: Repo, committer: string): Promise<string> {
  const { GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL } = process.env;
  return GIT_AUTHOR_NAME || GIT_AUTHOR_EMAIL ? ask(repo, ['var', 'GIT_AUTHOR_IDENT']) : committer;
}

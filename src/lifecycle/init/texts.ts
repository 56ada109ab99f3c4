/** Texts of files of a commit. */

import { readMany } from '../../git/batch.ts';
import type { Repo } from '../../git/run.ts';

/** By path; what is no file there is left out. One process. */
export async function texts(repo: Repo, commit: string, paths: readonly string[]): Promise<Map<string, string>> {
  const objects = await readMany(
    repo,
    paths.map((path) => `${commit}:${path}`),
  );
  return new Map(paths.flatMap((path, i) => (objects[i]?.type === 'blob' ? [[path, objects[i].body.toString('utf8')] as const] : [])));
}

/** What is uncommitted when a session starts. Apart from where it is kept: a checkpoint asks that alone, and what asks for git's status takes 5 ms to load. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles } from '../../git/hash.ts';
import { readStatus } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import type { DirtyFiles } from './dirty.ts';

/** Beyond so many files, or for larger ones, the blob is not asked for: a start must not read a data set. */
const MOST_FILES = 1000;
const MOST_BYTES = 16 * 1024 * 1024;

/** What is uncommitted now: staged, modified, deleted, untracked. One `git status`, and one `git hash-object` where there is something. */
export async function uncommitted(repo: Repo): Promise<DirtyFiles> {
  const paths = (await readStatus(repo)).filter((row) => !row.submodule).map((row) => row.path);
  const small = paths
    .slice(0, MOST_FILES)
    .filter((path) => (lstatSync(join(repo.top, path), { throwIfNoEntry: false })?.size ?? 0) <= MOST_BYTES);
  const ids = await hashFiles(repo, small);
  const blobs = new Map(small.map((path, i) => [path, ids[i] ?? null]));
  return new Map(paths.map((path) => [path, blobs.get(path) ?? null]));
}

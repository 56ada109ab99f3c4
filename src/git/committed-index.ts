/** The index of a checkout after a commit that was made of its files: every file that the working tree holds so is known as unchanged. */

import { stagedAmong } from './entries.ts';
import { copyIndex, copyIndexWith, type IndexChange } from './index-file.ts';
import { type Repo, runGit } from './run.ts';

/**
 * A copy of the index at `side` with the changes of a commit put in. `commit` is awaited once git has read the files; it has these very
 * changes. Throws as copyIndexWith does.
 */
export async function copyIndexCommitted(
  repo: Repo,
  side: string,
  changes: readonly IndexChange[],
  commit: () => Promise<string>,
): Promise<void> {
  const paths = changes.map(({ path }) => path);
  // Nearly always the files still hold what was committed, and one pass of git over the index is enough; a large one costs 20 ms a pass.
  const taken = await takeFiles(repo, side, paths);
  const oid = await commit();
  if (taken && (await stagedAmong(onIndex(repo, side), oid, paths)).size === 0) return;
  await copyIndexKnown(repo, side, changes);
}

/** A copy of the index at `side` with the changes put in, whatever the working tree holds. Throws as copyIndexWith does. */
export async function copyIndexKnown(repo: Repo, side: string, changes: readonly IndexChange[]): Promise<void> {
  await copyIndexWith(repo, side, changes);
  const files = changes.filter(({ oid }) => oid !== null);
  if (files.length === 0) return;
  // It only saves work later, so that nobody has to compare their content; a file that vanished meanwhile is no failure.
  await runGit(onIndex(repo, side), ['add', '--refresh', '--pathspec-from-file=-', '--pathspec-file-nul'], {
    input: files.map(({ path }) => `${path}\0`).join(''),
    ok: [0, 1, 128],
  });
}

/** A copy of the index at `side` that holds at the paths what the working tree does; no blob is written. False where git cannot. */
async function takeFiles(repo: Repo, side: string, paths: readonly string[]): Promise<boolean> {
  copyIndex(repo.gitDir, side);
  const args = ['update-index', '--add', '--remove', '--replace', '--info-only', '-z', '--stdin'];
  const { code } = await runGit(onIndex(repo, side), args, { input: paths.map((path) => `${path}\0`).join(''), ok: [0, 1, 128] });
  return code === 0;
}

function onIndex(repo: Repo, side: string): Repo {
  return { ...repo, env: { ...repo.env, GIT_INDEX_FILE: side } };
}

/** The index of a checkout after a commit that was made of its files: every file that the working tree holds so is known as unchanged. */

import { indexEntries } from './entries.ts';
import { copyIndexWith, type IndexChange, linkIndex } from './index-file.ts';
import { surelyHolds } from './index-proof.ts';
import { type Repo, runGit } from './run.ts';

/** A copy of the index at `side` with the changes of a commit put in. Throws as copyIndexWith does. */
export async function copyIndexCommitted(repo: Repo, side: string, changes: readonly IndexChange[]): Promise<void> {
  const paths = changes.map(({ path }) => path);
  // Nearly always the files still hold what is committed, and one pass of git over the index is enough; a large one costs 20 ms a pass.
  if ((await takeFiles(repo, side, paths)) && (surelyHolds(side, changes) || (await holds(onIndex(repo, side), changes)))) return;
  await copyIndexKnown(repo, side, changes);
}

/** Whether the index holds exactly that. */
async function holds(repo: Repo, changes: readonly IndexChange[]): Promise<boolean> {
  const now = await indexEntries(
    repo,
    changes.map(({ path }) => path),
  );
  return changes.every(({ path, oid, mode }) => {
    const entry = now.get(path) ?? null;
    return oid === null ? entry === null : entry?.oid === oid && entry.mode === mode;
  });
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
  linkIndex(repo.gitDir, side);
  const args = ['update-index', '--add', '--remove', '--replace', '--info-only', '-z', '--stdin'];
  const { code } = await runGit(onIndex(repo, side), args, { input: paths.map((path) => `${path}\0`).join(''), ok: [0, 1, 128] });
  return code === 0;
}

function onIndex(repo: Repo, side: string): Repo {
  return { ...repo, env: { ...repo.env, GIT_INDEX_FILE: side } };
}

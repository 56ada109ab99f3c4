/** Drafts of the documents that lie in a checkout would be in the way of the sealed ones: they are put aside before it moves. */

import { copyFileSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { restoreFromIndex, uncommittedAmong } from '../../git/checkout.ts';
import type { Repo } from '../../git/run.ts';
import { isReached } from '../../store/in-tree.ts';
import { privatePaths } from '../../store/paths.ts';

/** Copies uncommitted drafts to `git-session/cache/drafts/<id>/` and takes them out of the checkout `there`. Returns what puts them back. */
export async function putDraftsAside(there: Repo, id: SessionId): Promise<() => void> {
  const { summary, metrics, inventory, backup } = sessionPaths(id);
  const { changed, untracked } = await uncommittedAmong(there, [summary, metrics, inventory, backup]);
  const folder = join(privatePaths(there.commonDir).cache, 'drafts', id);
  const aside: string[] = [];
  for (const path of [...changed, ...untracked]) {
    // What a link points at is no draft; copying a pipe or a device would not end.
    if (!isReached(there.top, path) || !lstatSync(join(there.top, path), { throwIfNoEntry: false })?.isFile()) continue;
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(there.top, path), join(folder, basename(path)));
    aside.push(path);
  }
  for (const path of untracked) rmSync(join(there.top, path), { force: true });
  await restoreFromIndex(there, changed);
  return () => {
    for (const path of aside.filter((file) => isReached(there.top, file)))
      copyFileSync(join(folder, basename(path)), join(there.top, path));
  };
}

/** The folder of tracked scripts that git runs in other clones by core.hooksPath, which each clone sets for itself. Looks only. */

import { posix } from 'node:path';
import { BEGIN, GIT_HOOKS } from '../../core/hooks/hook-block.ts';
import { setupEdges } from '../../core/hooks/setup-commit.ts';
import { setupClaims } from '../../git/claims.ts';
import { filesWith } from '../../git/grep.ts';
import type { Repo } from '../../git/run.ts';

/** Relative to the top; null where no tracked script of that name holds our block, husky's do, or nothing says which of several folders it is. */
export async function trackedFolder(repo: Repo, tree: string): Promise<string | null> {
  const scripts = await filesWith(
    repo,
    tree,
    BEGIN,
    GIT_HOOKS.map((hook) => `:(top,glob)**/${hook}`),
  );
  const folders = foldersOf(scripts);
  if (folders.includes('.husky')) return null;
  if (folders.length < 2) return folders[0] ?? null;
  // Copies, as of a template: what set it up says which it was.
  const named = foldersOf((await setupClaims(repo, tree)).flatMap(setupEdges).map(({ path }) => path));
  const both = folders.filter((folder) => named.includes(folder));
  return both.length === 1 ? (both[0] ?? null) : null;
}

/** Those of hooks, but for what git would not read as a path below the top. */
function foldersOf(paths: readonly string[]): string[] {
  const hooks = paths.filter((path) => (GIT_HOOKS as readonly string[]).includes(posix.basename(path)));
  return [...new Set(hooks.map((path) => posix.dirname(path)))].filter((folder) => folder !== '.' && !/^(~|%\(|:)/.test(folder));
}

/** Bringing strays into the session: which file goes where, and what speaks against it. */

import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { artifactPath } from '../../core/routing/artifact-kind.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { oneLine } from '../../core/text/text.ts';
import { entriesAt } from '../../git/entries.ts';
import { filesInFolder } from '../../git/move.ts';
import type { Repo } from '../../git/run.ts';
import { pathInTree } from '../../store/edit-path.ts';
import type { Session } from '../session/session.ts';
import { type Move, refuseTaken } from './move-files.ts';
import { startOf } from './strays.ts';

/**
 * The moves for paths as the person gave them; a folder stands for the files in it. Throws (exit 1), before anything moves, on what lies
 * outside the tree, in a session already, was tracked before the session, or would overwrite something.
 */
export async function planAdopt(repo: Repo, session: Session, given: readonly string[]): Promise<Move[]> {
  const files = new Set<string>();
  for (const word of given) for (const path of await filesOf(repo, pathInTree(repo.top, repo.cwd, word))) files.add(path);
  const base = await startOf(repo, session);
  const before = base ? await entriesAt(repo, base, [...files]) : new Map();
  const moves = [...files].map((from): Move => {
    if (before.get(from)) {
      throw stateError({
        what: `${oneLine(from)} is part of the product: ${oneLine(session.metadata.base)} had it before the session.`,
        next: 'Edit it where it is; it lands with the session.',
      });
    }
    return { from, to: `${sessionPaths(session.id).artifacts}/${artifactPath(from)}` };
  });
  await refuseTaken(repo, moves);
  return moves;
}

async function filesOf(repo: Repo, path: string): Promise<string[]> {
  if (path === 'sessions' || /^sessions\/session-/i.test(path)) {
    throw stateError({ what: `${oneLine(path)} belongs to a session already.` });
  }
  const stat = lstatSync(join(repo.top, path), { throwIfNoEntry: false });
  if (!stat) throw stateError({ what: `There is no file ${oneLine(path)}.` });
  if (stat.isDirectory()) {
    const inside = (await filesInFolder(repo, path)).filter((file) => lstatSync(join(repo.top, file), { throwIfNoEntry: false }));
    if (inside.length === 0) throw stateError({ what: `There are no files in ${oneLine(path)}/ that git would see.` });
    const nested = inside.find((file) => file.endsWith('/') || file.startsWith('sessions/session-'));
    if (nested) throw stateError({ what: `${oneLine(nested)} belongs to another repository or session; it is not moved.` });
    return inside;
  }
  if (!stat.isFile() && !stat.isSymbolicLink()) throw stateError({ what: `${oneLine(path)} is no file.` });
  // A link between here and the file would lead somewhere else; pathInTree has followed those, so only another repository is left.
  for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) {
    if (lstatSync(join(repo.top, dir, '.git'), { throwIfNoEntry: false })) {
      throw stateError({ what: `${oneLine(path)} belongs to another repository; it is not moved.` });
    }
  }
  return [path];
}

/** Moving an artifact into the product: which one, where to, and what speaks against it. */

import { lstatSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { decideRoute, type Route } from '../../core/routing/routing.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { oneLine } from '../../core/text/text.ts';
import { indexEntries } from '../../git/entries.ts';
import { readStatus } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import { fromTop, pathInTree } from '../../store/edit-path.ts';
import type { Session } from '../session/session.ts';
import type { Move } from './move-files.ts';
import { routeFacts } from './route-facts.ts';

export interface PromotePlan {
  move: Move;
  /** What routing says of the new place. */
  route: Route;
}

/** The move of one artifact. Throws (exit 1), before anything moves, on what is no artifact, and on a target that is taken, refused or dirty. */
export async function planPromote(
  repo: Repo,
  session: Session,
  artifact: string,
  target: string,
  options: { who: 'agent' | 'person'; replace: boolean },
): Promise<PromotePlan> {
  const from = artifactNamed(repo, session, artifact);
  const to = placeFor(repo, target, from);
  const { root } = sessionPaths(session.id);
  if (to.startsWith(`${root}/`)) {
    throw stateError({ what: `${oneLine(to)} is still in the session.`, next: 'Name a place in the product, for example: src/' });
  }
  const route = decideRoute(to, await routeFacts(repo, session, [to], options.who));
  if (route.verdict === 'refused') {
    throw stateError({
      what: `${oneLine(to)} is refused: ${route.why}.`,
      next: 'Name a folder that holds tracked files, or have a person allow the place in .sessionrc.yaml (routing).',
    });
  }
  const replaces = await isTaken(repo, to);
  const move = { from, to, replaces };
  if (replaces && options.replace) await refuseUnkept(repo, to);
  else if (replaces) {
    throw stateError({
      what: `${oneLine(to)} is there already; nothing was moved.`,
      next: 'Bring the changes into it by hand, name another place, or overwrite it with --replace (its committed content stays in history).',
    });
  }
  return { move, route };
}

/** As it was given from here, or below the session's folder or its artifacts. */
function artifactNamed(repo: Repo, session: Session, word: string): string {
  const { artifacts, root } = sessionPaths(session.id);
  for (const path of [
    fromTop(repo.top, repo.cwd, word),
    fromTop(repo.top, join(repo.top, artifacts), word),
    fromTop(repo.top, join(repo.top, root), word),
  ]) {
    if (!path.startsWith(`${artifacts}/`)) continue;
    const stat = lstatSync(join(repo.top, path), { throwIfNoEntry: false });
    if (stat?.isFile() || stat?.isSymbolicLink()) return path;
  }
  throw stateError({
    what: `There is no artifact ${oneLine(word)} in this session.`,
    next: `Name one file below ${artifacts}/, for example: code/auth.js`,
  });
}

/** A folder, or a name that ends with a slash, keeps the artifact's own name. */
function placeFor(repo: Repo, target: string, from: string): string {
  const isFolder = target.endsWith('/') || statSync(resolve(repo.cwd, target), { throwIfNoEntry: false })?.isDirectory();
  return pathInTree(repo.top, repo.cwd, isFolder ? join(target, basename(from)) : target);
}

async function isTaken(repo: Repo, path: string): Promise<boolean> {
  return Boolean(lstatSync(join(repo.top, path), { throwIfNoEntry: false })) || Boolean((await indexEntries(repo, [path])).get(path));
}

/** Only content that a commit holds may be overwritten. */
async function refuseUnkept(repo: Repo, path: string): Promise<void> {
  const kept = (await indexEntries(repo, [path])).get(path);
  if (kept && !(await readStatus(repo)).some((row) => row.path === path)) return;
  throw stateError({ what: `${oneLine(path)} has content that no commit holds; it is not overwritten.`, next: 'Commit it first.' });
}

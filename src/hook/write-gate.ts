/** The gate before a file tool writes: the right place, and nothing that a person decides about. One process of git at most. */

import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { protectedBy } from '../agents/protected.ts';
import { decideRoute, type Route } from '../core/routing/routing.ts';
import { workspaceGlobs } from '../core/routing/workspaces.ts';
import { oneLine } from '../core/text/text.ts';
import { type Located, locate } from '../git/locate.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { fromTop } from '../store/edit-path.ts';
import { readText } from './read-text.ts';
import { sessionOf } from './session-of.ts';
import { trackedDirs, typesAt } from './tracked.ts';
import { isUsed } from './used.ts';

/** Why the agent must not write these files, with the place to write instead; null where it may. Throws where that cannot be found out. */
export function refuseWrite(cwd: string, files: readonly string[]): string | null {
  const home = locate(cwd, {});
  for (const file of files) {
    const full = resolve(cwd, file);
    for (const path of linkedTo(full)) {
      const why = judge(home, cwd, path);
      if (why) return why;
    }
  }
  return null;
}

/** The path, and where it leads to if it is a link: what is written is that file. */
function linkedTo(full: string): string[] {
  if (!lstatSync(full, { throwIfNoEntry: false })?.isSymbolicLink()) return [full];
  try {
    return [full, realpathSync(full)];
  } catch {
    return [full];
  }
}

function judge(home: Located | null, cwd: string, full: string): string | null {
  const place = locate(dirname(full), {});
  // Files of no repository, and of one that has nothing to do with sessions, are none of ours.
  if (!place || !isUsed(place)) return null;
  const policy = compiledPolicy(place.commonDir);
  const session = sessionOf(place, policy.branch.prefix);
  const path = fromTop(place.top, cwd, full);
  const shown = oneLine(path);
  const reason = protectedBy(path, session);
  if (reason) return `${shown} was not written: ${reason}. A person changes it.`;
  const own = home && home.commonDir === place.commonDir ? sessionOf(home, policy.branch.prefix) : null;
  if (home && own && own !== session) {
    const use = routeAt(home, path, own, policy).use ?? path;
    return `${shown} was not written: it lies in another checkout of this repository (${oneLine(place.top)}), and ${own} works in ${oneLine(home.top)}. Use ${oneLine(join(home.top, use), 500)}`;
  }
  const route = routeAt(place, path, session, policy);
  if (route.verdict !== 'refused') return null;
  return `${shown} was not written: ${route.why}.${route.use === null ? '' : ` Use ${oneLine(join(place.top, route.use), 500)}`}`;
}

function routeAt(place: Located, path: string, session: ReturnType<typeof sessionOf>, policy: ReturnType<typeof compiledPolicy>): Route {
  const { top } = place;
  const bare = { policy: policy.routing, session, who: 'agent' as const };
  // A first round finds out what has to be known, so that one process of git answers for all of it; most paths need none.
  const asked = new Set<string>();
  const note = (name: string) => Boolean(asked.add(name)) && false;
  const workspaces = session ? workspaceGlobs(readText(join(top, 'package.json')), readText(join(top, 'pnpm-workspace.yaml'))) : [];
  const first = decideRoute(path, { ...bare, workspaces, tracked: note, dirTracked: note });
  if (asked.size === 0) return first;
  const types = typesAt(top, [...asked]);
  const dirTracked = trackedDirs(top, new Set());
  return decideRoute(path, {
    ...bare,
    workspaces,
    tracked: (name) => types.get(name) === 'blob',
    dirTracked: (dir) => (types.has(dir) ? types.get(dir) === 'tree' : dirTracked(dir)),
  });
}

/** The gate before a file tool writes: the right place, or redirected to it, and nothing that a person decides about. One process of git at most. */

import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Answer, ChatEvent } from '../agents/event.ts';
import { protectedBy } from '../agents/protected.ts';
import { decideRoute, type Route } from '../core/routing/routing.ts';
import { workspaceGlobs } from '../core/routing/workspaces.ts';
import { oneLine } from '../core/text/text.ts';
import { type Located, locate } from '../git/locate.ts';
import { policyToJudgeBy } from '../store/compiled-policy.ts';
import { fromTop } from '../store/edit-path.ts';
import { readText } from './read-text.ts';
import { sessionOf } from './session-of.ts';
import { trackedDirs, typesAt } from './tracked.ts';
import { isUsed } from './used.ts';

interface Refusal {
  /** For the agent, with the place to write instead. */
  why: string;
  /** Where policy wants it redirected to, and why it is not written where it was meant to be. */
  redirect?: { to: string; note: string };
}

/** What an agent is told that is about to write these files: nothing where it may. Throws where that cannot be found out. */
export function answerWrite({ cwd, tool, files, whole }: Extract<ChatEvent, { kind: 'before-write' }>): Answer {
  if (files.length === 0 && !tool.startsWith('mcp')) return { deny: 'The call names no file.' };
  const home = locate(cwd, {});
  for (const file of files) {
    const full = resolve(cwd, file);
    for (const path of linkedTo(full)) {
      const refusal = judge(home, cwd, path);
      if (!refusal) continue;
      const { redirect, why } = refusal;
      if (!redirect || !whole) return { deny: why };
      return { input: { ...whole.input, [whole.key]: redirect.to }, context: redirect.note };
    }
  }
  return {};
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

function judge(home: Located | null, cwd: string, full: string): Refusal | null {
  const place = locate(dirname(full), {});
  // Files of no repository, and of one that has nothing to do with sessions, are none of ours.
  if (!place || !isUsed(place)) return null;
  const policy = policyToJudgeBy(place.commonDir);
  const session = sessionOf(place, policy.branch.prefix);
  const path = fromTop(place.top, cwd, full);
  const shown = oneLine(path);
  const reason = protectedBy(path, session);
  if (reason) return { why: `${shown} was not written: ${reason}. A person changes it.` };
  const own = home && home.commonDir === place.commonDir ? sessionOf(home, policy.branch.prefix) : null;
  if (home && own && own !== session) {
    const use = routeAt(home, path, own, policy).use ?? path;
    const apart = `it lies in another checkout of this repository (${oneLine(place.top)}), and ${own} works in ${oneLine(home.top)}`;
    return { why: `${shown} was not written: ${apart}. Use ${oneLine(join(home.top, use), 500)}` };
  }
  const route = routeAt(place, path, session, policy);
  if (route.verdict !== 'refused') return null;
  const why = `${shown} was not written: ${route.why}.`;
  if (route.use === null) return { why };
  const to = join(place.top, route.use);
  const use = oneLine(to, 500);
  if (existsSync(to)) return { why: `${why} Use ${use}, which is there already.` };
  const redirect = { to, note: `git-session: ${shown} is written to ${use} instead, since ${route.why}. It is read and changed there.` };
  // A place that was refused for what it is, and a file that is there, are no slip of the agent.
  const isSlip = policy.routing.redirect && route.kind !== null && !lstatSync(full, { throwIfNoEntry: false });
  return { why: `${why} Use ${use}`, ...(isSlip ? { redirect } : {}) };
}

function routeAt(place: Located, path: string, session: ReturnType<typeof sessionOf>, policy: ReturnType<typeof policyToJudgeBy>): Route {
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

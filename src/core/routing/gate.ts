/** What the gate found in a commit, and the words for it. Pure; hot path. */

import { oneLine, visible } from '../text/text.ts';
import type { Route } from './routing.ts';

export interface GateFindings {
  /** Paths that routing refuses or warns of. */
  routes: { path: string; route: Route }[];
  secrets: { path: string; line: number; rule: string }[];
  /** Paths whose content was too large to be looked at. */
  unchecked: string[];
}

/** True where the commit must not happen: a secret, or a path that is refused. */
export function refuses(found: GateFindings): boolean {
  return found.secrets.length > 0 || found.routes.some(({ route }) => route.verdict === 'refused');
}

const MOST = 20;

/** Lines for stderr; none where nothing was found. `who` decides what is suggested: an agent is never told how to step over the gate. */
export function gateLines(found: GateFindings, who: 'agent' | 'person'): string[] {
  if (found.routes.length === 0 && found.secrets.length === 0 && found.unchecked.length === 0) return [];
  const stopped = refuses(found);
  const lines = [stopped ? 'git-session: this commit was refused; nothing changed.' : 'git-session: this commit goes on, but:'];
  for (const { path, route } of found.routes.slice(0, MOST)) {
    lines.push(`  ${visible(path)}: ${route.why}.${route.use === null ? '' : ` Use ${visible(route.use)}`}`);
  }
  for (const { path, line, rule } of found.secrets.slice(0, MOST)) {
    lines.push(`  ${visible(path)}:${line}: this looks like a secret (rule ${oneLine(rule, 40)}).`);
  }
  for (const path of found.unchecked.slice(0, MOST)) lines.push(`  ${visible(path)}: not checked for secrets, it is too large.`);
  const more = [found.routes, found.secrets, found.unchecked].reduce((sum, list) => sum + Math.max(0, list.length - MOST), 0);
  if (more > 0) lines.push(`  and ${more} more.`);
  if (found.routes.some(({ route }) => route.use !== null)) {
    lines.push('next: git session adopt <path>   (moves the file to the place named above)');
  }
  if (found.secrets.length > 0) {
    lines.push('next: read the value from the environment or a secret store, and stage the file again.');
    lines.push('      Where it is no secret, a person can accept it in .sessionrc.yaml: secrets.allow (rule, path, reason).');
  }
  if (stopped && who === 'person') lines.push('      git commit --no-verify commits all the same.');
  return lines;
}

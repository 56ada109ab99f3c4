/** Where a file belongs (design "Artifact routing"): one decision for the write hook, pre-commit, checkpoints and `route`. Pure; hot path. */

import type { Policy } from '../policy/policy.ts';
import { type ArtifactKind, sessionPaths } from '../session/metadata.ts';
import type { SessionId } from '../session/session-id.ts';
import { artifactPath, kindAt, kindOf } from './artifact-kind.ts';
import { globMatcher } from './glob.ts';
import { ROOT_NAMES } from './root-names.ts';
import { isInGitFolder } from './tree-path.ts';

export { kindOf } from './artifact-kind.ts';

export interface RouteFacts {
  policy: Policy['routing'];
  /** The session of this checkout; null outside one. */
  session: SessionId | null;
  /** True where the path is a tracked file (before the change that is judged). */
  tracked(path: string): boolean;
  /** True where a tracked file lies in the folder or below it. */
  dirTracked(dir: string): boolean;
  who: 'agent' | 'person';
  /** Globs of the package roots that the repository's own manifests name (npm and pnpm workspaces). */
  workspaces?: readonly string[];
}

export interface Route {
  /** `session`: below the session's folder. `workspace`: a change of the product, allowed. `warned`: would be refused to an agent, or under `enforce`. */
  verdict: 'session' | 'workspace' | 'refused' | 'warned';
  /** Which kind of artifact it is or would be; null where it can be none. */
  kind: ArtifactKind | null;
  /** The path to write instead, relative to the top; null where there is none or nothing is wrong. */
  use: string | null;
  why: string;
}

/**
 * Judges one path, relative to the top of the tree, `/` between segments. Paths are resolved as text first, so that
 * `sessions/<id>/../../x` is judged as `x`. Git's own folder, the tool's own, other sessions' folders and whatever lies outside
 * the tree are refused in every mode; people are warned instead.
 */
export function decideRoute(path: string, facts: RouteFacts): Route {
  const clean = resolvePath(path);
  const stop = (why: string, use: string | null, kind: ArtifactKind | null = null): Route => ({
    verdict: facts.who === 'person' ? 'warned' : 'refused',
    kind,
    use,
    why,
  });
  if (clean === null) return { verdict: 'refused', kind: null, use: null, why: 'it lies outside the working tree' };
  if (clean === '') return { verdict: 'refused', kind: null, use: null, why: 'it names no file' };
  const parts = clean.split('/');
  if (isInGitFolder(clean)) return stop("it is inside git's own directory", null);
  const own = facts.session ? sessionPaths(facts.session) : null;
  const inSession = () => (own ? `${own.artifacts}/${artifactPath(clean)}` : null);
  if (parts[0]?.toLowerCase() === '.swarm') return stop('.swarm/ is written by git-session only', null);
  if (parts[0]?.toLowerCase() === 'sessions' && parts.length > 1) {
    if (own && clean.startsWith(`${own.root}/`)) {
      const below = `${own.artifacts}/`;
      const kind = clean.startsWith(below) ? kindAt(clean.slice(below.length)) : null;
      return { verdict: 'session', kind, use: null, why: "it is in the session's folder" };
    }
    if (/^session-/i.test(parts[1] ?? ''))
      return stop(`it is in the folder of another session (${parts[1]})`, otherSession(parts, own?.root));
  }
  const workspace = (why: string): Route => ({ verdict: 'workspace', kind: null, use: null, why });
  if (!own) return workspace('no session is checked out');
  const { mode } = facts.policy;
  if (mode === 'off') return workspace('routing is off');
  const refuse = (why: string): Route => {
    const route = stop(why, inSession(), kindOf(clean));
    return mode === 'warn' ? { ...route, verdict: 'warned' } : route;
  };
  if (mode === 'strict') return refuse("routing is strict: only the session's folder may be written");
  if (facts.tracked(clean)) return workspace('it is a tracked file');
  if (globMatcher(facts.policy.allow)(clean)) return workspace('policy allows it (routing.allow)');
  // Landed sessions are tracked there, so that the folder's own tracked files do not tell what a product keeps in it.
  if (parts[0]?.toLowerCase() === 'sessions' && parts.length > 2 && !facts.dirTracked(parts.slice(0, 2).join('/'))) {
    const route = refuse('sessions/ holds the folders of sessions, and this is none of them');
    return { ...route, use: otherSession(parts, own.root) ?? route.use };
  }
  return newFile(clean, facts, workspace, refuse);
}

/** A file that is not tracked yet: by the innermost root above it. */
function newFile(path: string, facts: RouteFacts, allow: (why: string) => Route, refuse: (why: string) => Route): Route {
  const isRoot = globMatcher([...facts.policy.roots, ...(facts.workspaces ?? [])].map((root) => root.replace(/\/+$/, '')));
  const dirs = parents(path);
  const root = dirs.find((dir) => isRoot(dir)) ?? '';
  const below = root === '' ? path : path.slice(root.length + 1);
  const slash = below.indexOf('/');
  const name = slash < 0 ? below : below.slice(0, slash);
  const named = globMatcher([...ROOT_NAMES, ...facts.policy.root_allow.map((glob) => glob.toLowerCase())])(name.toLowerCase());
  const where = root === '' ? 'the root' : `the package root ${root}/`;
  if (slash < 0) {
    return named ? allow(`${name} belongs at a root`) : refuse(`it would be a new file at ${where}`);
  }
  if (named) return allow(`${name}/ belongs at a root`);
  const top = root === '' ? name : `${root}/${name}`;
  if (facts.dirTracked(top)) return allow(`${top}/ already holds tracked files`);
  // A package with nothing tracked yet is being made.
  const parent = dirs[dirs.indexOf(root) + 1];
  if (root !== '' && !facts.dirTracked(root) && (parent === undefined || facts.dirTracked(parent)))
    return allow(`${root}/ is a new package`);
  return refuse(`${top}/ would be a new ${root === '' ? 'top-level ' : ''}folder${root === '' ? '' : ` in ${where}`}`);
}

/** Folders above a path, innermost first, without the top. */
function parents(path: string): string[] {
  const parts = path.split('/');
  const dirs: string[] = [];
  for (let n = parts.length - 1; n > 0; n--) dirs.push(parts.slice(0, n).join('/'));
  return dirs;
}

/** The same place below this session's folder. */
function otherSession(parts: string[], root: string | undefined): string | null {
  return root && parts[2] === 'artifacts' && parts.length > 3 ? [root, ...parts.slice(2)].join('/') : null;
}

/** The path with `.`, `..` and doubled slashes resolved; null where it is absolute or climbs out of the tree; empty for the top itself. */
function resolvePath(path: string): string | null {
  if (path.startsWith('/') || path.includes('\0')) return null;
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.pop() === undefined) return null;
  }
  return out.join('/');
}

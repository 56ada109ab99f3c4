/** Files that a checkpoint does not take, and why: routing, secrets, other repositories, what only the seal writes. */

import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Policy } from '../../core/policy/policy.ts';
import { decideRoute } from '../../core/routing/routing.ts';
import { workspaceGlobs } from '../../core/routing/workspaces.ts';
import { notAllowed, scanSecrets } from '../../core/secrets/scan.ts';
import type { Entry } from '../../core/session/checkpoint.ts';
import { DRAFT_NAMES, sessionPaths } from '../../core/session/metadata.ts';
import { asSessionId, type SessionId } from '../../core/session/session-id.ts';
import { foldersAt } from '../../git/entries.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { readOrNull } from '../../store/files.ts';
import type { Held } from './held.ts';

/** Larger files are not read for secrets here; closeout looks at the whole diff. */
const SCAN_BYTES = 1 << 20;

/** The files that only a seal commits; drafts of them stay in the working tree. */
export function isGenerated(path: string, id: SessionId): boolean {
  return path === sessionPaths(id).metadata || isDraftOf(path, id);
}

/** A draft of any session: written for people to read, and replaced by its seal. No work that somebody left uncommitted. */
export function isDraft(path: string): boolean {
  const id = asSessionId(path.split('/')[1] ?? '');
  return id !== null && isDraftOf(path, id);
}

const isDraftOf = (path: string, id: SessionId) => DRAFT_NAMES.some((name) => path === `${sessionPaths(id).root}/${name}`);

/** Of these paths (relative to the top of this worktree), those whose place or content a checkpoint must not take: no blob of them is written. */
export function untouchable(repo: Repo, id: SessionId, paths: readonly string[]): Held[] {
  const policy = compiledPolicy(repo.commonDir);
  const behind = new Map<string, string | null>();
  return paths.flatMap((path) => {
    const why = isGenerated(path, id) ? 'the closeout writes it' : outside(repo.top, dirname(path), behind);
    if (why) return [{ path, why }];
    const found = secret(repo.top, path, policy);
    return found ? [{ path, why: found, rule: 'secrets' }] : [];
  });
}

/** Of the paths of `tip`, those that routing refuses to an agent. `commit`: where `tip` was read. */
export async function misplaced(repo: Repo, session: SessionId, commit: string, tip: ReadonlyMap<string, Entry>): Promise<Held[]> {
  const facts = {
    policy: compiledPolicy(repo.commonDir).routing,
    session,
    who: 'agent' as const,
    tracked: (path: string) => Boolean(tip.get(path)),
    workspaces: workspaceGlobs(readOrNull(join(repo.top, 'package.json')), readOrNull(join(repo.top, 'pnpm-workspace.yaml'))),
  };
  // A first round finds out which folders matter, so that one process of git answers for all of them.
  const asked = new Set<string>();
  for (const path of tip.keys()) decideRoute(path, { ...facts, dirTracked: (dir) => Boolean(asked.add(dir)) });
  for (const path of tip.keys()) for (let dir = dirname(path); asked.size > 0 && dir !== '.'; dir = dirname(dir)) asked.add(dir);
  const tracked = asked.size > 0 ? await foldersAt(repo, commit, [...asked]) : new Set<string>();
  return [...tip.keys()].flatMap((path) => {
    const route = decideRoute(path, { ...facts, dirTracked: (dir) => tracked.has(dir) });
    return route.verdict === 'refused'
      ? [{ path, why: `${route.why}${route.use ? `; it belongs in ${route.use}` : ''}`, rule: 'routing' }]
      : [];
  });
}

/** Why a folder's files are none of this working tree's, or null. `known` keeps the answers. */
function outside(top: string, dir: string, known: Map<string, string | null>): string | null {
  if (dir === '.' || dir === '') return null;
  const cached = known.get(dir);
  if (cached !== undefined) return cached;
  const full = join(top, dir);
  const answer =
    outside(top, dirname(dir), known) ??
    (lstatSync(full, { throwIfNoEntry: false })?.isSymbolicLink()
      ? 'it lies behind a symbolic link'
      : existsSync(join(full, '.git'))
        ? 'it belongs to another repository'
        : null);
  known.set(dir, answer);
  return answer;
}

function secret(top: string, path: string, policy: Policy): string | null {
  const full = join(top, path);
  let text: string;
  try {
    const stat = lstatSync(full);
    if (!stat.isFile() || stat.size > SCAN_BYTES) return null;
    text = readFileSync(full, 'utf8');
  } catch {
    // Gone or not readable: the next look at it says so.
    return null;
  }
  const [finding] = notAllowed(scanSecrets(text, path), path, policy.secrets?.allow ?? []);
  return finding ? `line ${finding.line} looks like a secret (rule ${finding.rule})` : null;
}

/** A repository with our git hooks active, in or outside a session, whose starts of Node are written down. */

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installHooks, planHooks, writeHookFiles } from '../../src/lifecycle/hooks/install.ts';
import { DIST, makeRepo, type TestRepo, tempDir } from './repo.ts';

export const SESSION = 'session-20251117-143022-auth-system';
export const BRANCH = 'session/20251117-143022-auth-system';

export interface HookedRepo {
  repo: TestRepo;
  /** Command lines of Node that the hooks started, in order. */
  nodeStarts(): string[];
}

/** Hooks are committed on `main` and active. */
export async function hookedRepo(files: Record<string, string> = {}): Promise<HookedRepo> {
  const repo = makeRepo({ files });
  const open = await repo.open();
  writeHookFiles(open, await planHooks(open));
  await installHooks(open);
  const log = join(tempDir('gs-node-'), 'starts');
  recordNode(repo, log);
  repo.commit('hooks');
  return { repo, nodeStarts: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []) };
}

/** Puts a recording script in Node's place, in front of the bundle under test. */
function recordNode(repo: TestRepo, log: string): void {
  const shim = `${log}.sh`;
  writeFileSync(shim, `#!/bin/sh\necho "$*" >>'${log}'\nexec '${process.execPath}' "$@"\n`);
  chmodSync(shim, 0o755);
  repo.write('.git/git-session/tool', `${shim}\n${join(DIST, 'hook.cjs')}\n`);
}

/** Starts a session by hand: the branch, and a commit with its metadata. */
export function enterSession(repo: TestRepo): void {
  repo.git('switch', '-q', '-c', BRANCH);
  const metadata = { version: 1, id: SESSION, topic: 'auth-system', goal: null, status: 'active', created_at: '2025-11-17T14:30:22.000Z' };
  const rest = { closed_at: null, branch: BRANCH, base: 'main', continues: null, related: [], backup_location: null };
  repo.write(`sessions/${SESSION}/metadata.json`, `${JSON.stringify({ ...metadata, ...rest }, null, 2)}\n`);
  repo.git('add', 'sessions');
  repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', 'session: start auth-system');
}

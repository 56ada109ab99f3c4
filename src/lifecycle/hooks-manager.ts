/** Which program or person looks after a repository's git hooks already. */

import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dependsOnHusky } from '../core/husky-package.ts';
import { asObject, parseJson } from '../core/json.ts';
import { getConfig } from '../git/config.ts';
import type { Repo } from '../git/run.ts';
import { readOrNull } from '../store/files.ts';

/** `none`: nobody. `hooks-path`: core.hooksPath names a folder that is not husky's. `scripts`: hook scripts in the git dir itself. */
export type HookManager = 'none' | 'husky' | 'lefthook' | 'pre-commit' | 'hooks-path' | 'scripts';

export interface ManagerFacts {
  manager: HookManager;
  /** What shows it: a file's name, a folder, the names of scripts. */
  evidence: string;
  /** core.hooksPath as it is set, or null. */
  hooksPath: string | null;
}

const LEFTHOOK = ['', '.'].flatMap((dot) => ['yml', 'yaml', 'toml', 'json'].map((ext) => `${dot}lefthook.${ext}`));
const PRE_COMMIT = ['.pre-commit-config.yaml', '.pre-commit-config.yml'];

/** Looks at configuration and at the working tree; `read` gives a tracked file's text or null. */
export async function hookManager(repo: Repo, read: (path: string) => Promise<string | null>): Promise<ManagerFacts> {
  const hooksPath = await getConfig(repo, 'core.hooksPath', 'path');
  const facts = (manager: HookManager, evidence: string): ManagerFacts => ({ manager, evidence, hooksPath });
  if (hooksPath && isHuskyPath(repo, hooksPath)) return facts('husky', `core.hooksPath is ${hooksPath}`);
  for (const name of LEFTHOOK) if ((await read(name)) !== null) return facts('lefthook', name);
  for (const name of PRE_COMMIT) if ((await read(name)) !== null) return facts('pre-commit', name);
  if (hooksPath) return facts('hooks-path', hooksPath);
  const scripts = hookScripts(join(repo.commonDir, 'hooks'));
  if (scripts.length > 0) return facts('scripts', scripts.join(', '));
  const manifest = asObject(parseJson((await read('package.json')) ?? ''));
  return manifest && dependsOnHusky(manifest) ? facts('husky', 'package.json') : facts('none', '');
}

/** True where somebody has put the call of our hooks into the manager's configuration or the scripts. */
export async function callsUs(repo: Repo, facts: ManagerFacts, read: (path: string) => Promise<string | null>): Promise<boolean> {
  const text =
    facts.manager === 'lefthook' || facts.manager === 'pre-commit'
      ? await read(facts.evidence)
      : readOrNull(join(facts.hooksPath === null ? join(repo.commonDir, 'hooks') : resolve(repo.top, facts.hooksPath), 'pre-commit'));
  return text?.includes('git-session/hooks/') === true;
}

/** `.husky/_` of husky 9, or `.husky` of older ones. */
export function isHuskyPath(repo: Repo, hooksPath: string): boolean {
  const path = resolve(repo.top, hooksPath);
  return path.endsWith('/.husky/_') || path.endsWith('/.husky');
}

/** Scripts that git would run from its own hooks folder; the samples do not count. */
function hookScripts(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.includes('.') && (statSync(join(folder, name)).mode & 0o111) !== 0)
      .sort();
  } catch {
    return [];
  }
}

/** Text of a file below the top of the working tree, or null. */
export function readHere(repo: Repo): (path: string) => Promise<string | null> {
  return async (path) => readOrNull(join(repo.top, path));
}

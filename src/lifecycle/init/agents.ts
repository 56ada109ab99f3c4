/** Which agents' clients a repository is to be connected to: those that are named, else those that show themselves. Looks only. */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { connectedClients, SETUPS, type SetupName } from '../../agents/setup/index.ts';
import { agentAround } from '../../core/agent-env.ts';
import { statMany } from '../../git/batch.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';

/** Clients that are connected in this clone alone, whose files the branch holds, whose program is on PATH, or in whose environment this runs; in the order of the table. */
export async function detectAgents(repo: Repo, tip: string, env: NodeJS.ProcessEnv = process.env): Promise<SetupName[]> {
  const names = Object.keys(SETUPS) as SetupName[];
  const signs = names.flatMap((name) => SETUPS[name].signs.map((path: string) => ({ name, path })));
  const found = await statMany(
    repo,
    signs.map(({ path }) => `${tip}:${path}`),
  );
  const shown = new Set(signs.filter((_, i) => found[i]).map(({ name }) => name));
  const around = agentAround(env)?.agent;
  const own = hasLocalPolicy(repo) ? await connectedClients(async (path) => readOrNull(join(repo.top, path)), 'clone') : [];
  return names.filter(
    (name) => shown.has(name) || own.includes(name) || SETUPS[name].name === around || isOnPath(SETUPS[name].program, env),
  );
}

function isOnPath(program: string | null, env: NodeJS.ProcessEnv): boolean {
  if (program === null) return false;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, `${program}${ending}`))));
}

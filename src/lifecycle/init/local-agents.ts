/** Connecting clients of agents in this clone alone: files that git does not see. Looks only. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CLAUDE_OWN_SETTINGS } from '../../agents/setup/claude.ts';
import { connectedClients, planSetup, type SetupName } from '../../agents/setup/index.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { indexEntries } from '../../git/entries.ts';
import { ignoredBy } from '../../git/ignored.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { readSetUp } from '../../store/set-up.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';
import { isBehindLink } from '../files/behind-link.ts';
import type { FileChange } from './plan.ts';

export interface LocalAgents {
  /** Absolute paths. */
  files: FileChange[];
  /** Patterns for `info/exclude`, of those that nothing else ignores. */
  exclude: string[];
  notes: string[];
}

/** A file that is tracked, or that the person may be about to track, is left alone. */
export async function planLocalAgents(repo: Repo, wanted: readonly SetupName[], policy: Policy): Promise<LocalAgents> {
  const here = async (path: string) => readOrNull(join(repo.top, path));
  // Those of an earlier run stay connected, and out of sight.
  const clients = [...new Set([...(hasLocalPolicy(repo) ? await connectedClients(here, 'clone') : []), ...wanted])];
  // With nothing there yet, every file of the set-up is named.
  const every = (await planSetup(clients, async () => null, policy, 'clone')).changes.map(({ path }) => path);
  const elsewhere = every.filter((path) => isBehindLink(repo.top, path));
  const all = every.filter((path) => !elsewhere.includes(path));
  const [tracked, ignored] = [await indexEntries(repo, all), await ignoredBy(repo, all)];
  const ours = new Set(readSetUp(repo.commonDir).files.map(({ path }) => path));
  const isFree = (path: string) =>
    tracked.get(path) === null &&
    (path === CLAUDE_OWN_SETTINGS || ignored.has(path) || ours.has(join(repo.top, path)) || !existsSync(join(repo.top, path)));
  const { changes, blocked } = await planSetup(clients, here, policy, 'clone');
  const left = all.filter((path) => !isFree(path));
  return {
    files: changes.flatMap(({ path, before, after }) =>
      after !== null && all.includes(path) && isFree(path) ? [{ path: join(repo.top, path), before, after }] : [],
    ),
    exclude: all.filter((path) => isFree(path) && !(ignored.has(path) && !isByUs(ignored.get(path) ?? '', path))).map((path) => `/${path}`),
    notes: [
      ...(elsewhere.length > 0 ? [`Behind links, and left alone: ${elsewhere.join(', ')}.`] : []),
      ...left.map(leftAlone),
      ...blocked.map((path) => `${path} is not what a client reads there, so it was left alone.`),
    ],
  };
}

/** True where our own line of an earlier run is what ignores it. */
const isByUs = (rule: string, path: string) => rule.includes('info/exclude:') && rule.endsWith(`: /${path}`);

const leftAlone = (path: string) =>
  `${path} belongs to the project, so it was left alone.${path === '.mcp.json' ? ' Memory by MCP, for you alone: claude mcp add git-session -- git-session mcp' : ''}`;

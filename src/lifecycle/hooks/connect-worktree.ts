/** Connects the clients of agents in a linked worktree as `init --local` did in the checkout: git brings none of those files there. */

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectedClients, planSetup } from '../../agents/setup/index.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { readOrNull } from '../../store/files.ts';
import { keepSetUp, makeKeptFolder } from '../../store/set-up.ts';
import { isBehindLink } from '../files/behind-link.ts';

/** Files that are there already stay as they are. */
export async function connectWorktree(repo: Repo, top: string): Promise<void> {
  const clients = await connectedClients(async (path) => readOrNull(join(repo.top, path)), 'clone');
  const { changes } = await planSetup(clients, async (path) => readOrNull(join(top, path)), compiledPolicy(repo.commonDir), 'clone');
  for (const { path, before, after } of changes) {
    if (before !== null || after === null || isBehindLink(top, path)) continue;
    const there = join(top, path);
    makeKeptFolder(repo.commonDir, dirname(there));
    keepSetUp(repo.commonDir, { files: [{ path: there, before, after }] });
    writeFileSync(there, after);
  }
}

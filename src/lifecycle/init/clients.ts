/** Connecting clients of agents on the branch: what changes in which file. Looks only. */

import { planSetup, type SetupName } from '../../agents/setup/index.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { BranchFiles } from '../branch-files.ts';

interface Change {
  path: string;
  before: string | null;
  after: string;
}

/**
 * The changes, each of the file that a client's path leads to (`AGENTS.md` is often a link). `planned`: files that change already. Paths that
 * cannot take our entries are left alone, and named in the notes.
 */
export async function planClients(
  branch: BranchFiles,
  clients: readonly SetupName[],
  policy: Policy,
  planned: readonly Change[],
): Promise<{ changes: Change[]; notes: string[] }> {
  const now = async (path: string) => {
    const real = await branch.real(path);
    return planned.findLast((file) => file.path === real)?.after ?? branch.read(path);
  };
  const { changes, blocked } = await planSetup(clients, now, policy);
  const taken = new Map<string, Change>();
  const out: string[] = [];
  const twice: string[] = [];
  for (const { path, before, after } of changes) {
    const real = await branch.real(path);
    if (after === null) continue;
    if (real === null) out.push(path);
    else if (taken.has(real)) twice.push(path);
    else taken.set(real, { path: real, before, after });
  }
  const notes = [
    ...blocked.map((path) => `${path} is not what a client reads there, so it was left alone: set it right and run the command again.`),
    ...(out.length > 0 ? [`Behind links that lead out of the branch, and left alone: ${out.join(', ')}.`] : []),
    ...(twice.length > 0 ? [`Links to a file that another client has, and left alone: ${twice.join(', ')}.`] : []),
  ];
  return { changes: [...taken.values()], notes };
}

/** What taking clients of agents out changes on the policy branch: our entries go, and files that hold nothing else. Looks only. */

import { isShared, planTakeOut, SETUPS, type SetupName } from '../../agents/setup/index.ts';
import type { Repo } from '../../git/run.ts';
import { branchFiles } from '../branch-files.ts';
import { planFiles, type TakenOut } from './files.ts';

/** The script that all clients share goes with the last of them. */
export async function planAgents(repo: Repo, tip: string, clients: readonly SetupName[]): Promise<TakenOut[]> {
  const branch = branchFiles(repo, tip);
  const others = (Object.keys(SETUPS) as SetupName[]).filter((name) => name !== 'generic' && !clients.includes(name));
  const staying = await planTakeOut(others, branch.read);
  const used = staying.changes.some(({ path }) => !isShared(path));
  const { changes } = await planTakeOut(clients, branch.read);
  const wanted = used ? changes.filter(({ path }) => !isShared(path)) : changes;
  const exact = new Map((await planFiles(repo, tip)).changes.filter(({ blob }) => blob !== null).map((change) => [change.path, change]));
  const changed = wanted.map(async ({ path, before, after }): Promise<TakenOut> => {
    const real = (await branch.real(path)) ?? path;
    return exact.get(real) ?? { path: real, before: before ?? '', after, blob: null };
  });
  return Promise.all(changed);
}

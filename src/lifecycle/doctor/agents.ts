/** Whether the clients of agents that are connected have the files of this version. */

import { connectedClients, planSetup, SETUPS, type SetupName } from '../../agents/setup/index.ts';
import { readAt } from '../../git/objects.ts';
import { policyPlaces } from '../../trust/policy-branch.ts';
import type { Finding, Probe } from './finding.ts';

export const agents: Probe = {
  name: 'agents',
  look: async ({ repo }) => {
    const [place] = (await policyPlaces(repo)).places;
    if (!place) return [];
    const read = (path: string) => readAt(repo, place.tip, path);
    const connected = await connectedClients(read);
    if (connected.length === 0) return [{ health: 'ok', what: 'No client of agents is connected' }];
    return Promise.all(connected.map((name) => upToDate(name, read)));
  },
};

async function upToDate(name: SetupName, read: (path: string) => Promise<string | null>): Promise<Finding> {
  const { changes, blocked } = await planSetup([name], read);
  const client = SETUPS[name].name;
  const old = [...changes.map(({ path }) => path), ...blocked];
  if (old.length === 0) return { health: 'ok', what: `${client} is connected, and up to date` };
  return {
    health: 'warn',
    what: `${client} is connected, and not up to date: ${old.join(', ')}`,
    next: `git session init --agent ${name}`,
  };
}

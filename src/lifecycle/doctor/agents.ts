/** Whether the clients of agents that are connected have our entries: on the policy branch, and in this checkout, which is what they read. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectedClients, planSetup, SETUPS, type SetupChange, type SetupName } from '../../agents/setup/index.ts';
import { HOOK_FILE } from '../../agents/setup/pieces.ts';
import { DEFAULT_POLICY, type Policy } from '../../core/policy/policy.ts';
import { oneLine } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { readOrNull } from '../../store/files.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';
import { policyPlaces } from '../../trust/policy-branch.ts';
import { branchFiles } from '../branch-files.ts';
import { policyNow } from '../policy-now.ts';
import type { Finding, Probe } from './finding.ts';

type Read = (path: string) => Promise<string | null>;

export const agents: Probe = {
  name: 'agents',
  look: async ({ repo }) => {
    const [place] = (await policyPlaces(repo)).places;
    if (hasLocalPolicy(repo)) return inClone(repo);
    if (!place) return [];
    const tip = branchFiles(repo, place.tip).read;
    const connected = await connectedClients(tip);
    if (connected.length === 0) return [{ health: 'ok', what: 'No client of agents is connected' }];
    const policy = (await policyNow(repo)).effective?.policy ?? DEFAULT_POLICY;
    const there = await Promise.all(connected.map((name) => onBranch(name, tip, policy, place.name)));
    const found = [...there.flat(), ...(await inCheckout(repo, connected, tip, policy, place.name))];
    return found.length > 0
      ? found
      : connected.map((name) => ({ health: 'ok', what: `${SETUPS[name].name} is connected, and up to date` }));
  },
};

/** What `init --local` wrote here is in no branch that it could be compared with. */
async function inClone(repo: Repo): Promise<Finding[]> {
  const read: Read = async (path) => readOrNull(join(repo.top, path));
  const policy = (await policyNow(repo)).effective?.policy ?? DEFAULT_POLICY;
  const connected = await connectedClients(read, 'clone');
  if (connected.length === 0) return [{ health: 'ok', what: 'No client of agents is connected' }];
  const found = connected.map(async (name): Promise<Finding[]> => {
    const { changes, blocked } = await planSetup([name], read, policy, 'clone');
    const next = `git session init --local --agent ${name}`;
    const broken = blocked.map(async (path) => unusable(path, await read(path), 'here', `Correct it, and then: ${next}`));
    if (broken.length > 0) return Promise.all(broken);
    if (changes.length === 0) return [{ health: 'ok', what: `${SETUPS[name].name} is connected in this clone alone, and up to date` }];
    const what = `${SETUPS[name].name} is connected in this clone alone, and not up to date: ${changes.map(({ path }) => path).join(', ')}`;
    return [{ health: 'warn', what, next }];
  });
  return (await Promise.all(found)).flat();
}

async function onBranch(name: SetupName, read: Read, policy: Policy, branch: string): Promise<Finding[]> {
  const { changes, blocked } = await planSetup([name], read, policy);
  const client = SETUPS[name].name;
  const broken = await Promise.all(
    blocked.map(async (path) => unusable(path, await read(path), `on ${oneLine(branch, 60)}`, 'Correct it, and then: git session init')),
  );
  if (changes.length === 0) return broken;
  const what = `${client} is connected, and not up to date: ${changes.map(({ path }) => path).join(', ')}`;
  return [...broken, { health: 'warn', what, next: `git session init --agent ${name}` }];
}

/** Files of this checkout that are others than the policy branch's. */
async function inCheckout(repo: Repo, connected: SetupName[], tip: Read, policy: Policy, branch: string): Promise<Finding[]> {
  const here: Read = async (path) => {
    const text = readOrNull(join(repo.top, path));
    // A client takes either line ending; sh does not.
    return path === HOOK_FILE ? text : (text?.replaceAll('\r\n', '\n') ?? null);
  };
  const { changes, blocked } = await planSetup(connected, here, policy);
  const found: Finding[] = [];
  const head = branchFiles(repo, 'HEAD');
  for (const path of blocked) {
    const text = await here(path);
    if (text !== (await tip(path))) found.push(unusable(path, text, 'here', `See what changed it: git diff -- ${path}`));
  }
  for (const change of changes) {
    if (change.before === (await tip(change.path))) continue;
    const committed = change.before === (await head.read(change.path));
    found.push(committed ? ofThisBranch(change, branch) : changedHere(repo, change));
  }
  return found;
}

function unusable(path: string, text: string | null, where: string, next: string): Finding {
  const { what, why } = notJson(text) ?? { what: 'holds something else where our entries belong' };
  return { health: 'fail', what: `${path} ${what} ${where}, so that our hooks do not run in its client`, why, next };
}

/** What a parser says of it; null where it is JSON. */
function notJson(text: string | null): { what: string; why?: string } | null {
  try {
    JSON.parse(text ?? '');
    return null;
  } catch (error) {
    return { what: 'is no JSON', why: `${oneLine((error as Error).message, 160)}.` };
  }
}

/** What a branch has committed is its own; the review of a session shows it first. */
function ofThisBranch({ path, before }: SetupChange, branch: string): Finding {
  const what = before === null ? `${path} is not on this branch` : `Our entries in ${path} are others on this branch`;
  return { health: 'warn', what, next: `git diff ${oneLine(branch, 60)} -- ${path}` };
}

function changedHere(repo: Repo, { path, before, after }: SetupChange): Finding {
  const calls = path === HOOK_FILE ? ', and the hooks of every client call it' : '';
  const mend = () => {
    mkdirSync(dirname(join(repo.top, path)), { recursive: true });
    writeFileSync(join(repo.top, path), after ?? '');
    return before === null ? `Wrote ${path} again.` : `Put our entries back into ${path}; the rest of it is as it was.`;
  };
  if (before === null) return { health: 'fail', what: `${path} is gone here${calls}`, mend };
  return { health: 'fail', what: `Our entries in ${path} were changed or removed here${calls}`, mend };
}

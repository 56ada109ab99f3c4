/** Which branch holds the policy: the remote's default branch as last fetched, else the local branch that this clone pinned. */

import { asSessionId } from '../core/session/session-id.ts';
import { listConfig } from '../git/config.ts';
import { currentBranch } from '../git/refs.ts';
import { ask, type Repo } from '../git/run.ts';

export interface PolicyBranch {
  /** Short name, without the remote. */
  name: string;
  /** Full ref that was read. */
  ref: string;
  tip: string;
  /** The remote whose copy was read, or null for a local branch. */
  remote: string | null;
}

export interface PolicyPlaces {
  /** Most trusted first: the remote's default branch, then the pinned local one, or where nothing is pinned what may become it. */
  places: PolicyBranch[];
  /** The branches that people take for the project's, whatever is pinned: the remote's default branch, local main and master. */
  project: PolicyBranch[];
  pinnedBranch: string | null;
  pinnedRoot: string | null;
  /** The person's own stricter wishes, `gitsession.*` in lower case without the section. */
  own: Map<string, string>;
  remote: string | null;
}

const PROJECT = ['main', 'master'];

/** Where policy may be read in this clone. Two or three git calls. */
export async function policyPlaces(repo: Repo): Promise<PolicyPlaces> {
  const settings = await listConfig(repo, (key) => /^gitsession\.|^remote\..+\.url$/.test(key));
  const own = new Map(settings.flatMap(({ key, value }) => (key.startsWith('gitsession.') ? [[key.slice(11), value] as const] : [])));
  const names = [...new Set(settings.flatMap(({ key }) => /^remote\.(.+)\.url$/.exec(key)?.[1] ?? []))];
  const remote = names.includes('origin') ? 'origin' : names.length === 1 ? (names[0] ?? null) : null;
  const pinnedBranch = own.get('policybranch') ?? null;
  const wanted = pinnedBranch ? [pinnedBranch] : PROJECT;
  const head = remote ? `refs/remotes/${remote}/HEAD` : null;
  const named = [...new Set([...wanted, ...PROJECT])];
  const theirs = `refs/remotes/${remote}/`;
  const rows = await refRows(repo, [
    ...(head ? [head, ...PROJECT.map((name) => theirs + name)] : []),
    ...named.map((name) => `refs/heads/${name}`),
  ]);
  const places: PolicyBranch[] = [];
  const followed = rows.find((row) => row.ref === head);
  if (remote && followed?.symref.startsWith(theirs)) {
    const name = followed.symref.slice(theirs.length);
    // A clone of a checkout takes for the default whatever was checked out there: a session is nobody's judge.
    const kept = isSession(name) ? PROJECT.find((one) => rows.some((row) => row.ref === theirs + one)) : name;
    const row = rows.find(({ ref }) => ref === (kept === name ? head : theirs + kept));
    if (kept !== undefined && row) places.push({ name: kept, ref: theirs + kept, tip: row.oid, remote });
  }
  const local = (names: readonly string[]): PolicyBranch[] =>
    names.flatMap((name) => {
      const row = rows.find((one) => one.ref === `refs/heads/${name}`);
      return row ? [{ name, ref: row.ref, tip: row.oid, remote: null }] : [];
    });
  const project = [...places, ...local(PROJECT)];
  places.push(...local(wanted));
  if (places.length === 0) places.push(...(await here(repo)));
  return { places, project, pinnedBranch, pinnedRoot: own.get('policyroot') ?? null, own, remote };
}

/** Session branches end in their time and topic, whatever prefix the policy gives them. */
function isSession(branch: string): boolean {
  return asSessionId(`session-${branch.slice(branch.lastIndexOf('/') + 1)}`) !== null;
}

/** The checked-out branch: the only candidate where there is neither a remote nor a main branch. */
async function here(repo: Repo): Promise<PolicyBranch[]> {
  const name = await currentBranch(repo);
  const [row] = name ? await refRows(repo, [`refs/heads/${name}`]) : [];
  return name && row ? [{ name, ref: row.ref, tip: row.oid, remote: null }] : [];
}

async function refRows(repo: Repo, refs: string[]): Promise<{ ref: string; oid: string; symref: string }[]> {
  const out = await ask(repo, ['for-each-ref', '--format=%(refname)%00%(objectname)%00%(symref)', ...refs]);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [ref = '', oid = '', symref = ''] = line.split('\0');
      return { ref, oid, symref };
    });
}

/** Every ref that may hold the policy, whether it exists or not. */
export function policyRefs({ places, remote }: PolicyPlaces): string[] {
  return [...(remote ? [`refs/remotes/${remote}/HEAD`] : []), ...places.map((place) => place.ref)];
}

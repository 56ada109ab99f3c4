/** Landings and tags that only this clone has. */

import { count, oneLine } from '../../core/text/text.ts';
import { listRefNames } from '../../git/refs.ts';
import { remoteRefs } from '../../git/remote.ts';
import { policyPlaces } from '../../trust/policy-branch.ts';
import { unpushedLandings } from '../session/overview.ts';
import type { Finding, Probe } from './finding.ts';

export const remote: Probe = {
  name: 'remote',
  look: async ({ repo, tell }) => {
    const { remote: name, places } = await policyPlaces(repo);
    if (name === null) return [{ health: 'ok', what: 'There is no remote to compare with' }];
    const found: Finding[] = [];
    for (const branch of new Set(places.map((place) => place.name))) {
      const landings = await unpushedLandings(repo, branch);
      if (landings.length === 0) continue;
      found.push({
        health: 'warn',
        what: `${count(landings.length, 'landing')} on ${oneLine(branch, 60)} ${landings.length === 1 ? 'is' : 'are'} not on ${name} as last fetched`,
        why: landings.slice(0, 5).join(', '),
        next: `git push --atomic ${name} ${oneLine(branch, 60)} ${landings
          .slice(0, 5)
          .map((id) => `backup/${id}`)
          .join(' ')}`,
      });
    }
    const tags = await listRefNames(repo, ['refs/tags/backup/', 'refs/tags/approval/']);
    if (tags.length > 0) {
      tell(`Asking ${name} for its tags…`);
      found.push(...compared(name, tags, await remoteRefs(repo, name, ['refs/tags/backup/*', 'refs/tags/approval/*'])));
    }
    return found.length > 0 ? found : [{ health: 'ok', what: `Nothing that landed is missing on ${name}` }];
  },
};

function compared(remote: string, tags: readonly string[], there: ReadonlySet<string> | null): Finding[] {
  if (there === null) return [{ health: 'skipped', what: `The tags were not compared`, why: `${remote} could not be asked.` }];
  const missing = tags.filter((ref) => !there.has(ref)).map((ref) => ref.slice('refs/tags/'.length));
  if (missing.length === 0) return [];
  return [
    {
      health: 'warn',
      what: `${count(missing.length, 'tag')} ${missing.length === 1 ? 'is' : 'are'} not on ${remote}`,
      why: missing.slice(0, 5).join(', '),
      next: `git push ${remote} ${missing.slice(0, 5).join(' ')}`,
    },
  ];
}

/** git and node against the oldest that are supported. */

import { isOlder, LEAST_GIT, LEAST_NODE, type Least } from '../../core/supported.ts';
import { gitVersion } from '../../git/version.ts';
import type { Finding, Probe } from './finding.ts';

export const versions: Probe = {
  name: 'versions',
  look: async () => [judge('git', await gitVersion(), LEAST_GIT), judge('Node', process.versions.node, LEAST_NODE)],
};

function judge(program: string, version: string | null, least: Least): Finding {
  if (!isOlder(version, least)) return { health: 'ok', what: `${program} ${version}` };
  return {
    health: 'fail',
    what: `${program} ${version ?? 'is of a version that it does not tell'}`,
    why: `git-session needs ${program} ${least.join('.')} or later.`,
    next: `Install ${program} ${least.join('.')} or later`,
  };
}

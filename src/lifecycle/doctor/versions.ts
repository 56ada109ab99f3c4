/** git and node against the oldest that are supported. */

import { gitVersion } from '../../git/version.ts';
import type { Finding, Probe } from './finding.ts';

const LEAST_GIT = [2, 38] as const;
const LEAST_NODE = [20, 19] as const;

export const versions: Probe = {
  name: 'versions',
  look: async () => [judge('git', await gitVersion(), LEAST_GIT), judge('Node', process.versions.node, LEAST_NODE)],
};

function judge(program: string, version: string | null, [major, minor]: readonly [number, number]): Finding {
  const least = `${major}.${minor}`;
  const [a = 0, b = 0] = (version ?? '').split('.').map(Number);
  if (version !== null && (a > major || (a === major && b >= minor))) return { health: 'ok', what: `${program} ${version}` };
  return {
    health: 'fail',
    what: `${program} ${version ?? 'is of a version that it does not tell'}`,
    next: `Install ${program} ${least} or later`,
  };
}

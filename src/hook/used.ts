/** Whether a repository has anything to do with sessions: a client may bring our hooks into any. */

import { existsSync } from 'node:fs';
import type { Located } from '../git/locate.ts';
import { privatePaths } from '../store/paths.ts';

/** True once `init` was run in this clone, or a session was started there. */
export function isUsed({ commonDir }: Located): boolean {
  const { tool, writer } = privatePaths(commonDir);
  return existsSync(tool) || existsSync(writer);
}

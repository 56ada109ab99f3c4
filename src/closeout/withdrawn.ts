/** Where seals and tags go that are withdrawn. */

import type { SessionId } from '../core/session/session-id.ts';
import { partRef } from '../core/trash-refs.ts';
import { listRefs } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';

/** The next free name for one more of them in the trash, numbered from 1. */
export async function withdrawnRef(repo: Repo, id: SessionId, part: 'seal' | 'tag' | 'pushed-tag'): Promise<string> {
  for (let n = 1; ; n++) {
    const ref = partRef(id, part, n);
    if ((await listRefs(repo, [ref])).length === 0) return ref;
  }
}

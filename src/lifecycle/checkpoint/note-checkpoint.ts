/** A checkpoint as an act that `undo` can reverse. The drainer's own plan says what is being done before it is; this is written after. */

import type { RefEffect } from '../../core/acts.ts';
import { idOfBranch } from '../../core/session/session-id.ts';
import type { Repo } from '../../git/run.ts';
import { beginAct, readActs } from '../../store/acts.ts';
import { prefixOf } from '../session/session.ts';

/** Never fails: the checkpoint is made. `again`: it may have been noted by the one that was killed. */
export function noteCheckpoint(repo: Repo, move: RefEffect, top: string | null, again = false): void {
  const session = idOfBranch(move.ref.slice('refs/heads/'.length), prefixOf(repo));
  if (!session) return;
  try {
    if (again && readActs(repo.commonDir).some(({ effects }) => effects.keepsFiles && effects.refs[0]?.to === move.to)) return;
    beginAct(repo.commonDir, { name: 'checkpoint', session, top, effects: { refs: [move], keepsFiles: true } }).done();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
}

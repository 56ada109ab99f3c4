/** Brings an abandoned session back: its branch stands again, one commit later, and is active. */

import { stateError } from '../core/errors.ts';
import type { Actor, RecordDraft } from '../core/log/record.ts';
import type { SessionState } from '../core/session/metadata.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { refusal, transition } from '../core/session/transitions.ts';
import { moveRefs, type RefMove } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { beginAct } from '../store/acts.ts';
import { appendRecord } from '../store/journal.ts';
import { eventCommit } from './checkpoint/event-commit.ts';
import { type Session, trashRef } from './session/session.ts';

export interface Restored {
  id: SessionId;
  branch: string;
  commit: string;
}

/** The session's branch is made, or moved on, and nothing is checked out. Throws (exit 1) where the session is not abandoned. */
export async function restoreSession(repo: Repo, session: Session, state: SessionState, actor: Actor): Promise<Restored> {
  const inTrash = session.ref === trashRef(session.id);
  const facts = { tagged: false, inTrash, checkedOut: session.worktree !== null, keepsBranch: false, continues: false };
  const next = transition(state, 'restore', facts);
  if ('refused' in next) throw stateError({ what: refusal(session.id, next.refused), next: wayOn(state, session.id) });
  if (session.worktree) {
    throw stateError({
      what: `${session.branch} is checked out in ${session.worktree}.`,
      why: 'Restoring adds a commit to it.',
      next: `Check out another branch there, then: git session restore ${session.id}`,
    });
  }
  const restored: RecordDraft = { kind: 'session.restored', actor, data: { from: session.ref } };
  appendRecord(repo.commonDir, session.id, restored);
  const commit = await eventCommit(repo, session, 'restore', { ...session.metadata, status: 'active' });
  const branch = `refs/heads/${session.branch}`;
  const moves: RefMove[] = [{ ref: branch, from: inTrash ? null : session.tip, to: commit }];
  if (inTrash) moves.push({ ref: session.ref, from: session.tip, to: null });
  const says = { undone: { kind: 'session.abandoned' as const, actor, data: { reason: null } }, again: restored };
  const act = beginAct(repo.commonDir, { name: 'restore', session: session.id, top: repo.top, effects: { refs: moves, says } });
  await moveRefs(repo, moves, `git-session: restore ${session.metadata.topic}`).catch((error: unknown) => {
    act.failed();
    throw error;
  });
  act.done();
  return { id: session.id, branch: session.branch, commit };
}

function wayOn(state: SessionState, id: SessionId): string {
  if (state === 'closed') return `Go on in a new session: git session restore ${id} --continue <topic>`;
  return `Check it out with: git session switch ${id}`;
}

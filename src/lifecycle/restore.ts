/** Brings a session back: an abandoned one is active again, one commit later; a sealed one whose branch is gone has it again. */

import { stateError } from '../core/errors.ts';
import type { Actor, RecordDraft } from '../core/log/record.ts';
import type { SessionState } from '../core/session/metadata.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { refusal, transition } from '../core/session/transitions.ts';
import { trashRef } from '../core/trash-refs.ts';
import { moveRefs, oidOf, type RefMove } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { beginAct } from '../store/acts.ts';
import { appendRecord } from '../store/journal.ts';
import { intoTrash } from './abandon.ts';
import { eventCommit } from './checkpoint/event-commit.ts';
import type { Session } from './session/session.ts';

export interface Restored {
  id: SessionId;
  branch: string;
  commit: string;
  /** `sealed` where the branch of a sealed session was gone: it waits for its approval or its landing, as it did. */
  state: 'active' | 'sealed';
}

/**
 * The session's branch is made, or moved on, and nothing is checked out. Throws (exit 1) where the session is neither abandoned nor one of which only
 * the backup tag is left.
 */
export async function restoreSession(repo: Repo, session: Session, state: SessionState, actor: Actor): Promise<Restored> {
  const [inTrash, inTag] = [session.ref === trashRef(session.id), session.ref.startsWith('refs/tags/')];
  const facts = { tagged: inTag, inTrash, inTag, checkedOut: session.worktree !== null, keepsBranch: false, continues: false };
  const next = transition(state, 'restore', facts);
  if ('refused' in next) throw stateError({ what: refusal(session.id, next.refused), next: wayOn(state, session.id) });
  if (session.worktree) {
    throw stateError({
      what: `${session.branch} is checked out in ${session.worktree}.`,
      why: 'Restoring adds a commit to it.',
      next: `Check out another branch there, then: git session restore ${session.id}`,
    });
  }
  const from = inTrash || inTag ? null : session.tip;
  const branch = `refs/heads/${session.branch}`;
  if (next.state === 'sealed') {
    await move(repo, session, [{ ref: branch, from, to: session.tip }]);
    return { id: session.id, branch: session.branch, commit: session.tip, state: 'sealed' };
  }
  const restored: RecordDraft = { kind: 'session.restored', actor, data: { from: session.ref } };
  appendRecord(repo.commonDir, session.id, restored);
  const commit = await eventCommit(repo, session, 'restore', {
    ...session.metadata,
    status: 'active',
    closed_at: null,
    backup_location: null,
  });
  const moves: RefMove[] = [{ ref: branch, from, to: commit }];
  if (inTrash) moves.push({ ref: session.ref, from: session.tip, to: null });
  // What it approved is not what the session will become.
  const tag = inTag ? await oidOf(repo, session.ref) : null;
  if (tag) moves.push(...(await intoTrash(repo, `${trashRef(session.id)}.tag`, tag)), { ref: session.ref, from: tag, to: null });
  await move(repo, session, moves, { undone: { kind: 'session.abandoned' as const, actor, data: { reason: null } }, again: restored });
  return { id: session.id, branch: session.branch, commit, state: 'active' };
}

/** All of it or nothing, and noted for `undo`. */
async function move(
  repo: Repo,
  { id, metadata }: Session,
  refs: RefMove[],
  says?: { undone: RecordDraft; again: RecordDraft },
): Promise<void> {
  const act = beginAct(repo.commonDir, { name: 'restore', session: id, top: repo.top, effects: { refs, ...(says ? { says } : {}) } });
  await moveRefs(repo, refs, `git-session: restore ${metadata.topic}`).catch((error: unknown) => {
    act.failed();
    throw error;
  });
  act.done();
}

function wayOn(state: SessionState, id: SessionId): string {
  if (state === 'closed') return `Go on in a new session: git session restore ${id} --continue <topic>`;
  return `Check it out with: git session switch ${id}`;
}

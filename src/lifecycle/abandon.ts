/** Gives a session up: a last commit says so, the branch goes to the trash, and the way back stays open. */

import { stateError } from '../core/errors.ts';
import type { Actor, RecordDraft } from '../core/log/record.ts';
import { refusal, transition } from '../core/session/transitions.ts';
import { trashRef } from '../core/trash-refs.ts';
import { isAncestor, listRefs, moveRefs, oidOf, type RefMove, type RefRow } from '../git/refs.ts';
import { GitError, type Repo } from '../git/run.ts';
import { beginAct, type OpenAct } from '../store/acts.ts';
import { appendRecord } from '../store/journal.ts';
import { type Left, leaveCheckout } from './checkout/leave.ts';
import { drain } from './checkpoint/checkpoint.ts';
import { eventCommit } from './checkpoint/event-commit.ts';
import { loadSession, type Session } from './session/session.ts';
import { deriveState } from './session/state.ts';

export interface Abandoned {
  id: Session['id'];
  /** The commit that says so, kept under `trash`. */
  commit: string;
  trash: string;
  /** Where the checkout that held the branch is now. */
  left: Pick<Left, 'worktree' | 'branch' | 'detached'>;
  /** The backup tag that was withdrawn into the trash; null where there was none. */
  withdrawnTag: string | null;
}

/** Throws (exit 1) with the reason where the session cannot be abandoned; nothing has changed then. */
export async function abandonSession(repo: Repo, given: Session, reason: string | null, actor: Actor, now: Date): Promise<Abandoned> {
  await drain(repo, { wait: true });
  const session = (await loadSession(repo, given.id)) ?? given;
  const state = await deriveState(repo, session);
  const [row] = await listRefs(repo, [`refs/tags/backup/${session.id}`]);
  // A branch that was left behind by a landing has no part in the seal: the approval stays.
  const tag = row && (await isAncestor(repo, row.peeled || row.oid, session.tip)) ? row : null;
  const facts = {
    tagged: tag !== null,
    inTrash: false,
    inTag: false,
    checkedOut: session.worktree !== null,
    keepsBranch: false,
    continues: false,
  };
  const next = transition(state, 'abandon', facts);
  if ('refused' in next) throw stateError({ what: refusal(session.id, next.refused), next: wayOn(state, session) });
  const left = await leaveCheckout(repo, session, now);
  const abandoned: RecordDraft = { kind: 'session.abandoned', actor, data: { reason } };
  const says = { undone: { kind: 'session.restored' as const, actor, data: { from: trashRef(session.id) } }, again: abandoned };
  const heads = left.worktree ? [{ top: left.worktree, from: { branch: session.branch }, to: left.on }] : [];
  const act = beginAct(repo.commonDir, { name: 'abandon', session: session.id, top: repo.top, effects: { heads, says } });
  try {
    appendRecord(repo.commonDir, session.id, abandoned);
    const commit = await toTrash(repo, session, next.actions.includes('tag to trash') ? tag : null, act);
    act.done();
    return { id: session.id, commit, trash: trashRef(session.id), left, withdrawnTag: tag?.ref ?? null };
  } catch (error) {
    await left.undo();
    act.failed();
    throw error;
  }
}

/** The last commit, and the moves that put branch and tag into the trash. Starts over where the branch has moved on meanwhile. */
async function toTrash(repo: Repo, session: Session, tag: RefRow | null, act: OpenAct): Promise<string> {
  const trash = trashRef(session.id);
  for (let tries = 1; ; tries++) {
    const { tip, metadata, ref } = (await loadSession(repo, session.id)) ?? session;
    const ended = { ...metadata, status: 'abandoned' as const, closed_at: null, backup_location: null };
    const commit = await eventCommit(repo, { ...session, tip }, 'abandon', ended);
    const branch = `refs/heads/${session.branch}`;
    const moves: RefMove[] = await intoTrash(repo, trash, commit);
    // A sealed session may live by its tag alone.
    if (ref === branch) moves.push({ ref: branch, from: tip, to: null });
    if (tag) moves.push(...(await intoTrash(repo, `${trash}.tag`, tag.oid)), { ref: tag.ref, from: tag.oid, to: null });
    act.know({ refs: moves });
    try {
      await moveRefs(repo, moves, `git-session: abandon ${metadata.topic}`);
      return commit;
    } catch (error) {
      if (tries === 5 || !(error instanceof GitError)) throw error;
    }
  }
}

/** The object under this name; what an earlier time left there keeps a name of its own. */
export async function intoTrash(repo: Repo, ref: string, oid: string): Promise<RefMove[]> {
  const before = await oidOf(repo, ref);
  const moves: RefMove[] = [{ ref, from: before, to: oid }];
  const aside = before ? `${ref}.${before.slice(0, 12)}` : '';
  if (before && before !== oid && !(await oidOf(repo, aside))) moves.push({ ref: aside, from: null, to: before });
  return moves;
}

function wayOn(state: string, session: Session): string {
  return state === 'abandoned' ? `Bring it back with: git session restore ${session.id}` : `See it with: git session show ${session.id}`;
}

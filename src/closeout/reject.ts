/** Sends a session back with reasons: recorded for the agents to see; a seal and its tag are withdrawn into the trash. */

import { stateError } from '../core/errors.ts';
import type { Actor } from '../core/log/record.ts';
import type { Reason } from '../core/session/reason.ts';
import { refusal, transition } from '../core/session/transitions.ts';
import { CheckoutBlocked, moveCheckout } from '../git/checkout.ts';
import { remotes } from '../git/config.ts';
import { readWorktrees } from '../git/porcelain.ts';
import { prepareRefs, RefsCutShort, RefsPartlyMoved, RefsRefused } from '../git/ref-transaction.ts';
import { listRefs, oidOf, type RefMove } from '../git/refs.ts';
import { remoteHas } from '../git/remote.ts';
import { repoAt } from '../git/repo.ts';
import type { Repo } from '../git/run.ts';
import { holdCheckpoints } from '../lifecycle/checkpoint/hold.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { deriveState } from '../lifecycle/session/state.ts';
import { setAwaiting } from '../store/awaiting.ts';
import { dropCloseout } from '../store/closeout-state.ts';
import { appendRecord } from '../store/journal.ts';
import { withLock } from '../store/lock.ts';
import { effectivePolicy } from '../trust/policy-chain.ts';
import { presence } from '../trust/presence.ts';
import { inTheWay } from './land/checkouts.ts';
import { moveTheRest } from './land/landing-refs.ts';
import { sealOf } from './prepare/sealed.ts';
import { withdrawnRef } from './withdrawn.ts';

export interface Rejected {
  reasons: Reason[];
  /** The seal that was withdrawn, and the ref that keeps it; null where there was none. */
  withdrawn: { seal: string; kept: string } | null;
  /** Short name of the tag that was withdrawn with it; null where there was none. */
  tag: string | null;
}

/** The session is active again, and its agents see why. Throws (exit 1) where it has landed or was given up, (exit 3) where it takes a person. */
export async function reject(
  repo: Repo,
  session: Session,
  reasons: Reason[],
  by: Actor,
  options: { prompted?: boolean } = {},
): Promise<Rejected> {
  const state = await deriveState(repo, session);
  const facts = {
    tagged: false,
    inTrash: false,
    inTag: false,
    checkedOut: session.worktree !== null,
    keepsBranch: false,
    continues: false,
  };
  const next = transition(state, 'reject', facts);
  if ('refused' in next) throw stateError({ what: refusal(session.id, next.refused), why: 'So it cannot be sent back.' });
  presence((await effectivePolicy(repo, { fresh: true })).policy, options);
  const withdrawn = state === 'sealed' ? await withdraw(repo, session) : { withdrawn: null, tag: null };
  appendRecord(repo.commonDir, session.id, { kind: 'closeout.rejected', actor: by, data: { reasons } });
  dropCloseout(repo.commonDir, session.id);
  await withLock(repo.commonDir, 'awaiting', () => setAwaiting(repo.commonDir, session.id, false));
  return { reasons, ...withdrawn };
}

/** The branch back to the tip before the seal, its checkouts with it; seal and tag go to the trash, all in one transaction. */
async function withdraw(repo: Repo, session: Session): Promise<Pick<Rejected, 'withdrawn' | 'tag'>> {
  const { seal, before, tip, hasBranch } = await sealOf(repo, session);
  const tags = await listRefs(repo, [`refs/tags/backup/${session.id}`, `refs/tags/backup/${session.id}.*`]);
  const tag = tags.find((row) => row.peeled === seal.commit) ?? null;
  const kept = await withdrawnRef(repo, session.id, 'seal');
  const moves: RefMove[] = [{ ref: kept, from: null, to: tip }];
  if (hasBranch) moves.push({ ref: `refs/heads/${session.branch}`, from: tip, to: before });
  if (tag) {
    const place = await withdrawnRef(repo, session.id, (await wasPushed(repo, tag.ref)) ? 'pushed-tag' : 'tag');
    moves.push({ ref: place, from: null, to: tag.oid }, { ref: tag.ref, from: tag.oid, to: null });
  }
  await holdCheckpoints(repo, () => moveBack(repo, session.branch, moves, tip, before));
  return { withdrawn: { seal: seal.commit, kept }, tag: tag?.ref.replace('refs/tags/', '') ?? null };
}

async function moveBack(repo: Repo, branch: string, moves: RefMove[], from: string, to: string): Promise<void> {
  const tops = (await readWorktrees(repo)).filter((row) => row.branch === branch && !row.prunable).map((row) => row.path);
  const reason = `git-session: withdraw the seal of ${branch}`;
  const transaction = await prepareRefs(repo, moves, reason).catch((error: unknown) => {
    throw error instanceof RefsRefused
      ? stateError({ what: 'The seal could not be withdrawn; nothing was changed.', why: error.said }, error)
      : error;
  });
  const moved: string[] = [];
  try {
    for (const top of tops) {
      await moveCheckout(repoAt(repo, top), from, to);
      moved.push(top);
    }
    await transaction.commit();
  } catch (error) {
    await transaction.abort();
    if (error instanceof RefsPartlyMoved) return moveTheRest(repo, error.left, reason);
    // Killed after it had moved the branch: the checkouts belong where it is now.
    if (error instanceof RefsCutShort && (await oidOf(repo, `refs/heads/${branch}`)) === to) throw error;
    for (const top of moved) await moveCheckout(repoAt(repo, top), to, from);
    throw error instanceof CheckoutBlocked ? inTheWay(error) : error;
  }
}

/** Whether others may have the tag: a remote has it, or cannot be asked. */
async function wasPushed(repo: Repo, ref: string): Promise<boolean> {
  const answers = await Promise.all((await remotes(repo)).map((remote) => remoteHas(repo, remote, ref)));
  return answers.some((answer) => answer !== false);
}

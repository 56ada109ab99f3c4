/** A session that was continued on other clones: their branches, as fetched, and this one become one. Nothing is pushed. */

import { existsSync } from 'node:fs';
import { stateError } from '../../core/errors.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { commitOf, isAncestor } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { createBranch } from '../../git/switch.ts';
import { beginAct } from '../../store/acts.ts';
import { advance } from '../checkout/advance.ts';
import { drain, holdCheckpoints, requestCheckpoint, unfinishedWork } from '../checkpoint/checkpoint.ts';
import { loadSession, type Session } from '../session/session.ts';
import { sessionsElsewhere, type Theirs } from './elsewhere.ts';
import { joinTips } from './join-tips.ts';

/** What became of one other branch. `same`: nothing new there. `forward`: only they had gone on. `joined`: both had. */
export interface SyncedBranch {
  /** Full name. */
  ref: string;
  how: 'same' | 'forward' | 'joined';
  /** The tip of this clone's branch then. */
  tip: string;
  /** Records that only they had; null where they were not counted. */
  records: number | null;
  unsealed: boolean;
}

export interface Synced {
  branches: SyncedBranch[];
  tip: string;
  /** This clone has commits that one of these branches has not. */
  ahead: boolean;
}

/**
 * Throws (exit 1) where a file was changed on both sides, or the checkout is in the middle of something; what came before stays joined.
 * `dry`: no ref moves, and what is not committed yet is not counted.
 */
export async function syncSession(repo: Repo, given: Session, now: Date, { dry = false } = {}): Promise<Synced> {
  const local = `refs/heads/${given.branch}`;
  if (![local, `/${given.branch}`].some((end) => given.ref.endsWith(end))) throw withoutBranch(given);
  if (!dry) {
    const { left } = await drain(repo, { wait: true });
    // Where something waits for its commit, the records wait with it.
    if (left === 0) await commitRecords(repo, given);
  }
  const theirs = (await sessionsElsewhere(repo)).filter(({ branch }) => branch === given.branch);
  if (theirs.length === 0) {
    throw stateError({
      what: `No other clone's branch of ${given.id} is known here.`,
      why: `No remote had ${given.branch} when it was last fetched.`,
      next: `Have it pushed from there: git push origin ${given.branch}`,
    });
  }
  const branches: SyncedBranch[] = [];
  for (const one of theirs) {
    branches.push(
      await (dry ? bringTogether(repo, given, one, now, true) : holdCheckpoints(repo, () => bringTogether(repo, given, one, now))),
    );
  }
  const tip = (dry ? null : branches.at(-1)?.tip) ?? given.tip;
  const ahead = (await Promise.all(theirs.map(({ oid }) => isAncestor(repo, tip, oid)))).includes(false);
  return { branches, tip, ahead };
}

/** Records that no checkpoint has committed yet travel with no push: they go into the branch first. */
async function commitRecords(repo: Repo, given: Session): Promise<void> {
  if (given.ref !== `refs/heads/${given.branch}` || given.metadata.status !== 'active') return;
  await requestCheckpoint(repo, given, { files: [], event: 'checkpoint', wait: true, subject: 'records before a sync' });
}

function withoutBranch({ id, ref }: Session) {
  const abandoned = ref.startsWith('refs/git-session/');
  return stateError({
    what: abandoned ? `${id} is abandoned in this clone.` : `${id} has no branch in this clone any more: it is closed.`,
    next: `${abandoned ? 'Bring it back first' : 'Continue it as a new session'}: git session restore ${id}`,
  });
}

async function bringTogether(
  repo: Repo,
  given: Session,
  { ref, name, oid: theirs }: Theirs,
  now: Date,
  dry = false,
): Promise<SyncedBranch> {
  const local = `refs/heads/${given.branch}`;
  const here = await commitOf(repo, local);
  const why = `git-session: sync with ${name}`;
  if (here === null) {
    if (!dry) await createBranch(repo, given.branch, theirs, why);
    return { ref, how: 'forward', tip: theirs, records: null, unsealed: false };
  }
  if (await isAncestor(repo, theirs, here)) return { ref, how: 'same', tip: here, records: null, unsealed: false };
  const busy = await unfinishedWork(repo, local);
  if (busy)
    throw stateError({
      what: `${given.id} cannot be brought together now; nothing was changed.`,
      why: `${busy[0]?.toUpperCase()}${busy.slice(1)}.`,
      next: 'Finish that, and run the same command again.',
    });
  const session = { ...((await loadSession(repo, given.id)) ?? given), tip: here };
  const behind = await isAncestor(repo, here, theirs);
  const joined = behind ? { commit: theirs, unsealed: false, records: null } : await joinTips(repo, session, theirs, name, now);
  const done = {
    ref,
    how: behind ? ('forward' as const) : ('joined' as const),
    tip: joined.commit,
    records: joined.records,
    unsealed: joined.unsealed,
  };
  if (dry) return done;
  const row = (await readWorktrees(repo)).find(({ branch, prunable, path }) => branch === given.branch && !prunable && existsSync(path));
  const heads = row ? [{ top: row.path, from: { branch: given.branch }, to: { branch: given.branch } }] : [];
  const refs = [{ ref: local, from: here, to: joined.commit }];
  const act = beginAct(repo.commonDir, { name: 'sync', session: given.id, top: repo.top, effects: { refs, heads } });
  try {
    const checkout = row ? repoAt(repo, row.path) : null;
    await advance(repo, { branch: given.branch, checkout, from: here, to: joined.commit, why: `sync with ${name}` });
  } catch (error) {
    act.failed();
    throw error;
  }
  act.done();
  return done;
}

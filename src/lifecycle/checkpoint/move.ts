/** Moves a branch and the index of its checkout together, so that a kill at any point is finished or taken back by `recover`. */

import { setTimeout as pause } from 'node:timers/promises';
import { stateError } from '../../core/errors.ts';
import { idOfBranch } from '../../core/session/session-id.ts';
import { indexStamp, isStuck, linkIndexLock, makeLockFile, refreshCopy, replaceIndex, unlinkIndexLock } from '../../git/index-file.ts';
import { prepareRefs, RefsRefused, type RefTransaction } from '../../git/ref-transaction.ts';
import type { Repo } from '../../git/run.ts';
import { clearDrainJournal, type DrainJournal, scratchFile, writeDrainJournal } from '../../store/drain-journal.ts';
import type { LockWindow } from '../../store/lock-window.ts';
import { noteObserved, observedTip } from '../../store/observed.ts';
import { markOf } from '../../store/process.ts';
import { finishRequest } from '../../store/queue.ts';
import { prefixOf } from '../session/session.ts';
import { type BranchPlace, placeOf } from './defer.ts';
import type { FoldedLog } from './fold-log.ts';
import { bringToDisk, takeFromDisk } from './log-on-disk.ts';
import { noteCheckpoint } from './note-checkpoint.ts';

/** What is to be done, with every object and the new index made already. */
export interface MovePlan {
  to: string;
  changes: DrainJournal['changes'];
  results: DrainJournal['requests'];
  /** It is an act of its own, and not a part of another. */
  isAct: boolean;
  /** The index to be; null where no checkout has the branch. */
  side: string | null;
  /** Log files with their new content, for the checkout. */
  logs: readonly FoldedLog[];
}

/** `changed`: the index or the branch is no longer the one that was looked at. `held`: somebody else has the index. */
export type MoveResult = 'moved' | 'changed' | 'held';

export interface Move {
  /** Carries the plan out, where index and branch are still what they were when the move was opened; waits for the index till `until`. */
  carryOut(plan: MovePlan, until: number): Promise<MoveResult | { deferred: string }>;
  /** Lets the index go and forgets the plan, unless it is half carried out. */
  close(): void;
}

/**
 * Notes which index is looked at. `takeTill` (ms since the epoch) takes it at once, waiting at most till then; null: only while the plan is
 * carried out. `reason` says why it has to wait after all. Null where somebody else has the index.
 */
export async function openMove(
  repo: Repo,
  place: BranchPlace,
  takeTill: number | null,
  reason: () => Promise<string | null>,
): Promise<Move | null> {
  const { at } = place;
  const file = scratchFile(repo.commonDir, 'lock');
  const lock = at ? makeLockFile(file) : '';
  const stamp = at ? indexStamp(at.gitDir) : '';
  let underWay = false;
  let locking: LockWindow | null = null;
  const journal = (plan: MovePlan | null, refs: RefTransaction | null) =>
    writeDrainJournal(repo.commonDir, {
      version: 1,
      branch: place.ref,
      from: place.tip,
      isAct: plan?.isAct ?? false,
      to: plan?.to ?? null,
      checkout: at ? { top: at.top, gitDir: at.gitDir, lock, side: plan?.side ?? '' } : null,
      changes: plan?.changes ?? [],
      requests: plan?.results ?? [],
      mover: refs ? markOf(refs.pid) : null,
      locking,
    });
  const close = () => {
    if (underWay) return;
    if (at) unlinkIndexLock(at.gitDir, lock);
    clearDrainJournal(repo.commonDir);
  };
  if (at && takeTill !== null) {
    journal(null, null);
    if (!(await take(at.gitDir, file, takeTill))) {
      close();
      return null;
    }
  }
  const carryOut = async (plan: MovePlan, until: number) => {
    // Written before any lock is taken, the branch's included: what a killed git leaves of them is then known for ours.
    locking = { from: Date.now(), to: null };
    journal(plan, null);
    if (at && takeTill === null && !(await take(at.gitDir, file, until))) return 'held';
    if (at && indexStamp(at.gitDir) !== stamp && takeTill === null) return 'changed';
    if (!(await isWhere(repo, place))) return 'changed';
    const deferred = await reason();
    if (deferred) return { deferred };
    const refs = await lockWithFiles(repo, place, plan);
    if (!refs) return 'changed';
    locking.to = Date.now();
    try {
      // Once it is told to commit, only the end of that git says whether the branch has moved.
      journal(plan, refs);
    } catch (error) {
      await refs.abort();
      takeFilesBack(at, plan);
      throw error;
    }
    underWay = true;
    try {
      await refs.commit();
    } catch (error) {
      // The branch has not moved. Where git was killed, only `recover` can tell, and the plan stays for it.
      if (error instanceof RefsRefused) {
        underWay = false;
        takeFilesBack(at, plan);
        throw notMoved(error);
      }
      throw error;
    }
    if (at && plan.side) replaceIndex(at.gitDir, plan.side);
    for (const { id, result } of plan.results) finishRequest(repo.commonDir, id, result);
    underWay = false;
    noteOwnMove(repo, place, plan.to);
    if (plan.isAct) noteCheckpoint(repo, { ref: place.ref, from: place.tip, to: plan.to }, place.at?.top ?? null);
    return 'moved';
  };
  return { carryOut, close };
}

async function take(gitDir: string, file: string, until: number): Promise<boolean> {
  while (!linkIndexLock(gitDir, file)) {
    if (Date.now() >= until || isStuck(gitDir)) return false;
    await pause(2 + Math.random() * 10);
  }
  return true;
}

/** True while the branch is checked out where it was, or still nowhere. */
async function isWhere(repo: Repo, place: BranchPlace): Promise<boolean> {
  const now = await placeOf(place.at ?? repo, place.ref);
  return now?.tip === place.tip && now.at?.top === place.at?.top;
}

/** The branch locked on its way, and meanwhile the checkout's files settled. Null where the branch has moved, or somebody is moving it. */
async function lockWithFiles(repo: Repo, place: BranchPlace, plan: MovePlan): Promise<RefTransaction | null> {
  const settling = settleFiles(place.at, plan).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const refs = await lockBranch(place.at ?? repo, place, plan).catch(async (error: unknown) => {
    await settling;
    takeFilesBack(place.at, plan);
    throw error;
  });
  const failed = await settling;
  if (refs && !failed) return refs;
  await refs?.abort();
  takeFilesBack(place.at, plan);
  if (failed) throw failed.error;
  return null;
}

async function lockBranch(repo: Repo, place: BranchPlace, plan: MovePlan): Promise<RefTransaction | null> {
  const why = `git-session: checkpoint (${plan.results.length})`;
  try {
    return await prepareRefs(repo, [{ ref: place.ref, from: place.tip, to: plan.to }], why);
  } catch (error) {
    if (!(error instanceof RefsRefused)) throw error;
    if (error.reason !== 'other') return null;
    throw notMoved(error);
  }
}

function notMoved(error: RefsRefused) {
  return stateError(
    {
      what: 'git refused to move the session branch; the checkpoint stays queued.',
      why: error.said,
      next: 'See what keeps git from it (a full disk, a hook, permissions), and run the same command again.',
    },
    error,
  );
}

/** The log as the working tree should have it, and the index copy knowing which files are unchanged. */
async function settleFiles(at: Repo | null, plan: MovePlan): Promise<void> {
  if (!at || !plan.side) return;
  for (const { path, content } of plan.logs) bringToDisk(at.top, path, content);
  await refreshCopy(
    at,
    plan.side,
    plan.changes.filter((change) => change.after).map((change) => change.path),
  );
}

/** The log in the working tree as the branch has it, which did not move. */
function takeFilesBack(at: Repo | null, plan: MovePlan): void {
  if (!at || !plan.side) return;
  for (const { path, content, before, keeps } of plan.logs) takeFromDisk(at.top, path, content, before === null ? null : keeps);
}

/** What we committed ourselves need not be looked at again by the next command. */
function noteOwnMove(repo: Repo, place: BranchPlace, to: string): void {
  const id = idOfBranch(place.ref.slice('refs/heads/'.length), prefixOf(repo));
  if (id && observedTip(repo.commonDir, id) === place.tip) noteObserved(repo.commonDir, id, to);
}

/** Moves a branch and the index of its checkout together, so that a kill at any point is finished or taken back by `recover`. */

import { setTimeout as pause } from 'node:timers/promises';
import { stateError } from '../../core/errors.ts';
import { idOfBranch } from '../../core/session/session-id.ts';
import { indexStamp, isStuck, linkIndexLock, makeLockFile, replaceIndex, unlinkIndexLock } from '../../git/index-file.ts';
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

/** What is to be done. */
export interface MovePlan {
  changes: DrainJournal['changes'];
  /** It is an act of its own, and not a part of another. */
  isAct: boolean;
  /** Log files with their new content, for the checkout. */
  logs: readonly FoldedLog[];
  /** Makes the commits, which nobody points at yet. Called once index and branch are found to be what was looked at. */
  make: () => Promise<Made>;
  /** Writes the checkout's index as it will be to `side`. Called with the logs on disk, while the commits are made. */
  index: (checkout: Repo, side: string) => Promise<void>;
}

/** Where the branch goes, and what becomes of the requests then. */
export interface Made {
  to: string;
  results: DrainJournal['requests'];
}

/** What was made and stands now. `changed`: the index or the branch is no longer the one that was looked at. `held`: somebody else has the index. */
export type MoveResult = Made | 'changed' | 'held';

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
  const side = at ? scratchFile(repo.commonDir, 'index') : '';
  const journal = (plan: MovePlan | null, made: Made | null, refs: RefTransaction | null) =>
    writeDrainJournal(repo.commonDir, {
      version: 1,
      branch: place.ref,
      from: place.tip,
      isAct: plan?.isAct ?? false,
      to: made?.to ?? null,
      checkout: at ? { top: at.top, gitDir: at.gitDir, lock, side: refs ? side : '' } : null,
      changes: plan?.changes ?? [],
      requests: made?.results ?? [],
      mover: refs ? markOf(refs.pid) : null,
      locking,
    });
  const close = () => {
    if (underWay) return;
    if (at) unlinkIndexLock(at.gitDir, lock);
    clearDrainJournal(repo.commonDir);
  };
  if (at && takeTill !== null) {
    journal(null, null, null);
    if (!(await take(at.gitDir, file, takeTill))) {
      close();
      return null;
    }
  }
  const carryOut = async (plan: MovePlan, until: number) => {
    if (at && takeTill === null) {
      journal(null, null, null);
      if (!(await take(at.gitDir, file, until))) return 'held';
      if (indexStamp(at.gitDir) !== stamp) return 'changed';
    }
    if (!(await isWhere(repo, place))) return 'changed';
    const deferred = await reason();
    if (deferred) return { deferred };
    const ready = await makeAndLock(repo, place, plan, side, (made) => {
      // Written before any lock of the branch is taken: what a killed git leaves of them is then known for ours.
      locking = { from: Date.now(), to: null };
      journal(plan, made, null);
    });
    if (!ready) return 'changed';
    const { refs, made } = ready;
    if (locking) locking.to = Date.now();
    try {
      // Once it is told to commit, only the end of that git says whether the branch has moved.
      journal(plan, made, refs);
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
    if (at) replaceIndex(at.gitDir, side);
    for (const { id, result } of made.results) finishRequest(repo.commonDir, id, result);
    underWay = false;
    noteOwnMove(repo, place, made.to);
    if (plan.isAct) noteCheckpoint(repo, { ref: place.ref, from: place.tip, to: made.to }, at?.top ?? null);
    return made;
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

/**
 * The commits made and the branch locked on its way to them (`onMade` is told before), and meanwhile the checkout's files and index settled.
 * Null where the branch has moved, or somebody is moving it.
 */
async function makeAndLock(
  repo: Repo,
  place: BranchPlace,
  plan: MovePlan,
  side: string,
  onMade: (made: Made) => void,
): Promise<{ refs: RefTransaction; made: Made } | null> {
  // The index takes longest: its git starts first.
  const settling = settleFiles(place.at, plan, side).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const making = plan.make();
  const locked = await making
    .then(async (made) => {
      onMade(made);
      return { refs: await lockBranch(place.at ?? repo, place, made), made };
    })
    .catch(async (error: unknown) => {
      await settling;
      takeFilesBack(place.at, plan);
      throw error;
    });
  const failed = await settling;
  if (locked.refs && !failed) return { refs: locked.refs, made: locked.made };
  await locked.refs?.abort();
  takeFilesBack(place.at, plan);
  if (failed) throw failed.error;
  return null;
}

async function lockBranch(repo: Repo, place: BranchPlace, { to, results }: Made): Promise<RefTransaction | null> {
  const why = `git-session: checkpoint (${results.length})`;
  try {
    return await prepareRefs(repo, [{ ref: place.ref, from: place.tip, to }], why);
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

/** The log as the working tree should have it, and the index to be. */
async function settleFiles(at: Repo | null, plan: MovePlan, side: string): Promise<void> {
  if (!at) return;
  for (const { path, content } of plan.logs) bringToDisk(at.top, path, content);
  await plan.index(at, side);
}

/** The log in the working tree as the branch has it, which did not move. */
function takeFilesBack(at: Repo | null, plan: MovePlan): void {
  if (!at) return;
  for (const { path, content, before, keeps } of plan.logs) takeFromDisk(at.top, path, content, before === null ? null : keeps);
}

/** What we committed ourselves need not be looked at again by the next command. */
function noteOwnMove(repo: Repo, place: BranchPlace, to: string): void {
  const id = idOfBranch(place.ref.slice('refs/heads/'.length), prefixOf(repo));
  if (id && observedTip(repo.commonDir, id) === place.tip) noteObserved(repo.commonDir, id, to);
}

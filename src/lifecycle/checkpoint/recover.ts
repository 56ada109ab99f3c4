/** After a drainer was killed: finishes what it had done to the branch, or takes back what it had only begun. */

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { indexEntries } from '../../git/entries.ts';
import {
  copyIndexWith,
  indexChanges,
  isOurLock,
  isStuck,
  linkIndexLock,
  makeLockFile,
  replaceIndex,
  unlinkIndexLock,
} from '../../git/index-file.ts';
import { locate } from '../../git/locate.ts';
import { commitOf, currentBranch, isAncestor } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import {
  clearDrainJournal,
  type DrainJournal,
  hasNewerJournal,
  readDrainJournal,
  scratchFile,
  writeDrainJournal,
} from '../../store/drain-journal.ts';
import { madeWithin } from '../../store/lock-window.ts';
import { lives } from '../../store/process.ts';
import { finishRequest, isQueued } from '../../store/queue.ts';
import { noteCheckpoint } from './note-checkpoint.ts';

/** A killed drainer's git ends by itself within milliseconds; this bounds the wait for one that hangs in somebody's hook. */
const MOVER_MS = 20_000;
/** git does not leave a lock empty for so long. */
const SETTLED_MS = 1100;

/**
 * Settles what a killed drainer left; the caller holds the drain lock. Returns why it has to wait (the plan stays), or null when all is settled.
 * `patienceMs` bounds the wait for an index that somebody else holds.
 */
export async function recover(repo: Repo, patienceMs: number): Promise<string | null> {
  if (hasNewerJournal(repo.commonDir)) return 'a newer git-session was interrupted in a checkpoint, and finishes it';
  const journal = readDrainJournal(repo.commonDir);
  if (!journal) {
    clearDrainJournal(repo.commonDir);
    return null;
  }
  if (!(await moverIsGone(journal))) return 'git is still carrying out a checkpoint that was interrupted';
  if (journal.to !== null) await dropRefLocks(repo, journal);
  const tip = await commitOf(repo, journal.branch);
  const landed = journal.to !== null && tip !== null && (await isAncestor(repo, journal.to, tip));
  const lock = landed && journal.checkout ? await settleIndex(repo, journal, journal.checkout, patienceMs) : journal.checkout?.lock;
  if (lock === null) return 'another git process holds index.lock';
  if (journal.checkout && lock) unlinkIndexLock(journal.checkout.gitDir, lock);
  if (landed) {
    for (const { id, result } of journal.requests) finishRequest(repo.commonDir, id, result);
    const move = { ref: journal.branch, from: journal.from, to: journal.to };
    if (journal.isAct) noteCheckpoint(repo, move, journal.checkout?.top ?? null, true);
  }
  clearDrainJournal(repo.commonDir);
  return null;
}

/** A git that outlived its caller may still move the ref: until it has ended, nobody can say which way it went. */
async function moverIsGone({ mover }: DrainJournal): Promise<boolean> {
  const until = Date.now() + MOVER_MS;
  while (mover && lives(mover) === 'yes') {
    if (Date.now() >= until) return false;
    await pause(5);
  }
  return true;
}

/** Locks of the refs that the dead git was moving, and only those: a lock that names our own new tip, or an empty one that only it can have made. */
async function dropRefLocks(repo: Repo, journal: DrainJournal): Promise<void> {
  const files = [join(repo.commonDir, `${journal.branch}.lock`), ...(journal.checkout ? [join(journal.checkout.gitDir, 'HEAD.lock')] : [])];
  for (const file of files) {
    const stat = statSync(file, { throwIfNoEntry: false });
    const text = stat && contentOf(file);
    // A young one may still be filled, by whoever made it.
    if (stat && text === '' && journal.locking?.to === null) await pause(Math.max(0, stat.mtimeMs + SETTLED_MS - Date.now()));
    if (stat && (text === journal.to || (contentOf(file) === '' && madeWithin(stat.mtimeMs, journal.locking))))
      rmSync(file, { force: true });
  }
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

/**
 * The branch has moved and the index may not have: brings it up, so that the person's next commit deletes nothing.
 * Returns the lock that is held afterwards, or null where somebody else has the index.
 */
async function settleIndex(
  repo: Repo,
  journal: DrainJournal,
  checkout: NonNullable<DrainJournal['checkout']>,
  patienceMs: number,
): Promise<string | null> {
  const { gitDir, lock, side } = checkout;
  const ours = isOurLock(gitDir, lock);
  // Nobody can have changed the index while our lock stood.
  if (ours && side && existsSync(side)) {
    replaceIndex(gitDir, side);
    return lock;
  }
  // The requests go before the lock does: with none left, all was done.
  if (!ours && !journal.requests.some(({ id }) => isQueued(repo.commonDir, id))) return lock;
  // Else a person removed the lock, or another recovery was killed: each path counts that still is what it was.
  if (locate(checkout.top, {})?.gitDir !== gitDir) return lock;
  const at = repoAt(repo, checkout.top);
  if (`refs/heads/${await currentBranch(at)}` !== journal.branch) return lock;
  const held = ours ? lock : await takeIndex(repo, journal, checkout, patienceMs);
  if (held === null) return null;
  await repairIndex(repo, at, journal);
  return held;
}

/** The index under a lock that is written down like the first one; its copy is not, since it may be half made when we are killed. */
async function takeIndex(
  repo: Repo,
  journal: DrainJournal,
  checkout: NonNullable<DrainJournal['checkout']>,
  patienceMs: number,
): Promise<string | null> {
  const file = scratchFile(repo.commonDir, 'lock');
  const lock = makeLockFile(file);
  writeDrainJournal(repo.commonDir, { ...journal, checkout: { ...checkout, lock, side: '' } });
  const until = Date.now() + patienceMs;
  while (!linkIndexLock(checkout.gitDir, file)) {
    if (Date.now() >= until || isStuck(checkout.gitDir)) return null;
    await pause(20);
  }
  return lock;
}

async function repairIndex(repo: Repo, at: Repo, journal: DrainJournal): Promise<void> {
  const now = await indexEntries(
    at,
    journal.changes.map((change) => change.path),
  );
  const behind = journal.changes.filter(({ path, before, after }) => {
    const entry = now.get(path) ?? null;
    return entry?.oid === before?.oid && entry?.oid !== after?.oid;
  });
  if (behind.length === 0) return;
  const copy = scratchFile(repo.commonDir, 'index');
  await copyIndexWith(at, copy, indexChanges(behind));
  replaceIndex(at.gitDir, copy);
}

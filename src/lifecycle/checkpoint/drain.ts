/** Commits what is queued: whoever gets the lock works until the queue is empty, and looks again after letting go. */

import { setTimeout as pause } from 'node:timers/promises';
import type { CheckpointRequest } from '../../core/session/checkpoint.ts';
import { quoted } from '../../git/quote.ts';
import { GitError, type Repo, saysFull } from '../../git/run.ts';
import { hasDrainJournal } from '../../store/drain-journal.ts';
import { tryLock } from '../../store/lock.ts';
import { queuedIds, type RequestResult, readQueue, setAside, tidyQueue } from '../../store/queue.ts';
import { loadSession } from '../session/session.ts';
import { deriveState } from '../session/state.ts';
import { commitBatch } from './batch.ts';
import { placeOf } from './defer.ts';
import type { Held } from './held.ts';
import { recover } from './recover.ts';

export interface DrainReport {
  /** Requests that were committed or had nothing left to commit (`commit` null), in order. */
  done: { request: string; branch: string; result: RequestResult }[];
  held: Held[];
  /** Branches whose requests wait, and why. */
  deferred: { branch: string; why: string; requests: number }[];
  /** Requests that git refuses, put aside so that they block nobody; `kept` is the file. */
  refused: { request: string; why: string; kept: string }[];
  /** Requests still queued when this returned. */
  left: number;
  /** Another process is draining; it looks again after it ends, so nothing stays behind. */
  busy: boolean;
}

const LOCK = 'checkpoint';
/** So many requests become one batch: one stream, one move of the branch. */
const BATCH = 200;
/** The bounds of `wait` and of the wait for an `index.lock`. */
const WAIT_MS = 60_000;
const PATIENCE_MS = 10_000;

/**
 * Commits every queued request of the repository that can be committed now. With `wait` it also waits (at most 60 s) for another process
 * that is draining; `patienceMs` bounds the wait for an `index.lock` that somebody else holds. Never fails because of a lock: what could
 * not be done stays queued and is named.
 */
export async function drain(repo: Repo, { wait, patienceMs = PATIENCE_MS }: { wait: boolean; patienceMs?: number }): Promise<DrainReport> {
  const report: DrainReport = { done: [], held: [], deferred: [], refused: [], left: 0, busy: false };
  const left = new Set<string>();
  const until = Date.now() + (wait ? WAIT_MS : 0);
  while (hasDrainJournal(repo.commonDir) || queuedIds(repo.commonDir).some((id) => !left.has(id))) {
    const lock = tryLock(repo.commonDir, LOCK);
    if (!lock) {
      report.busy = true;
      if (Date.now() >= until) break;
      await pause(3 + Math.random() * 10);
      continue;
    }
    report.busy = false;
    try {
      const why = await recover(repo, patienceMs);
      if (why !== null) {
        for (const { branch } of readQueue(repo.commonDir).requests) note(report, branch, why, 1);
        break;
      }
      await emptyQueue(repo, left, report, patienceMs);
    } finally {
      lock.release();
    }
  }
  report.left = queuedIds(repo.commonDir).length;
  return report;
}

/** Until every request is done or in `left`. */
async function emptyQueue(repo: Repo, left: Set<string>, report: DrainReport, patienceMs: number): Promise<void> {
  for (;;) {
    const { requests, unreadable, newer } = readQueue(repo.commonDir);
    for (const id of unreadable) putAside(repo, id, 'it cannot be read', report);
    for (const { id, branch } of newer.filter((row) => !left.has(row.id))) {
      left.add(id);
      note(report, branch, 'a newer git-session asked for it, and that one makes it', 1);
    }
    const todo = requests.filter((request) => !left.has(request.id));
    const branch = todo[0]?.branch;
    if (branch === undefined) break;
    const batch = todo.filter((request) => request.branch === branch).slice(0, BATCH);
    await commitAll(repo, branch, batch, left, report, patienceMs);
  }
  tidyQueue(repo.commonDir);
}

/** A batch; where git refuses something in it, each request by itself, so that a bad one never blocks the others. */
async function commitAll(
  repo: Repo,
  branch: string,
  batch: readonly CheckpointRequest[],
  left: Set<string>,
  report: DrainReport,
  patienceMs: number,
): Promise<void> {
  try {
    const outcome = await commitBatch(repo, branch, batch, patienceMs);
    if ('deferred' in outcome) {
      if (await isOver(repo, branch, batch)) {
        for (const { id } of batch) putAside(repo, id, 'the session has landed, and its branch is gone', report);
        return;
      }
      for (const request of batch) left.add(request.id);
      note(report, branch, outcome.deferred, batch.length);
      return;
    }
    for (const { id, result } of outcome.results) {
      report.done.push({ request: id, branch, result });
      report.held.push(...result.held);
    }
  } catch (error) {
    if (!isRefusal(error, batch)) throw error;
    const [only, second] = batch;
    if (only && !second) putAside(repo, only.id, error.said, report);
    else for (const request of batch) await commitAll(repo, branch, [request], left, report, patienceMs);
  }
}

/** Whether the branch is gone because its session has landed: it never comes back. */
async function isOver(repo: Repo, branch: string, [first]: readonly CheckpointRequest[]): Promise<boolean> {
  if (!first || (await placeOf(repo, branch)) !== null) return false;
  const session = await loadSession(repo, first.session);
  return session !== null && `refs/heads/${session.branch}` === branch && (await deriveState(repo, session)) === 'closed';
}

const MACHINE =
  /permission denied|read-only|unable to write|unable to create|too many open|out of memory|signal|killed|corrupt|index file|bad signature/i;

/** True where git does not take what a request holds (a path, a blob), and not where the machine fails. */
function isRefusal(error: unknown, batch: readonly CheckpointRequest[]): error is GitError {
  if (!(error instanceof GitError) || !['fast-import', 'update-index'].includes(error.args[0] ?? '')) return false;
  const said = withoutNames(error.said, batch);
  return !saysFull(said) && !MACHINE.test(said);
}

/** What git said without the files that it named: a file may be called `killed by signal`. */
function withoutNames(said: string, batch: readonly CheckpointRequest[]): string {
  const paths = batch.flatMap((request) => request.files.map((file) => file.path));
  const names = paths.flatMap((path) => [path, quoted(path).slice(1, -1)]).filter(Boolean);
  return names.sort((a, b) => b.length - a.length).reduce((text, name) => text.replaceAll(name, ''), said);
}

function putAside(repo: Repo, id: string, why: string, report: DrainReport): void {
  report.refused.push({ request: id, why, kept: setAside(repo.commonDir, id, why) });
}

function note(report: DrainReport, branch: string, why: string, requests: number): void {
  const same = report.deferred.find((row) => row.branch === branch && row.why === why);
  if (same) same.requests += requests;
  else report.deferred.push({ branch, why, requests });
}

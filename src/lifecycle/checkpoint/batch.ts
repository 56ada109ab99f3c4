/** Requests of one branch as commits: built as objects first, then the branch and the index of its checkout moved together. */

import { setTimeout as pause } from 'node:timers/promises';
import { type CheckpointRequest, type Entry, type PlannedCommit, planCommits } from '../../core/session/checkpoint.ts';
import { branchOf, type SessionId } from '../../core/session/session-id.ts';
import { copyIndexCommitted } from '../../git/committed-index.ts';
import { entriesAt } from '../../git/entries.ts';
import { blobId, importChain } from '../../git/fast-import.ts';
import { indexChanges } from '../../git/index-file.ts';
import type { Repo } from '../../git/run.ts';
import { finishRequest, type RequestResult } from '../../store/queue.ts';
import { prefixOf } from '../session/session.ts';
import { identNow } from './ahead.ts';
import { type BranchPlace, deferAt, placeOf } from './defer.ts';
import { type FoldedLog, foldLog } from './fold-log.ts';
import { heldPaths } from './held.ts';
import { type MovePlan, openMove } from './move.ts';
import { overtakenFiles } from './overtaken.ts';

export interface BatchOutcome {
  /** By request, in order. */
  results: { id: string; result: RequestResult }[];
}

/** After so many tries that a changing index spoiled, the index is taken first. */
const HOPEFUL_TRIES = 3;
const MAX_TRIES = 40;
const INDEX_HELD = 'another git process holds index.lock';

/**
 * Commits the requests, one commit each, or says why they wait; the caller holds the drain lock. `patience` (ms) bounds the wait for an
 * `index.lock` that somebody else holds. Throws GitError where git refuses a path, and stateError where the person has to do something.
 */
export async function commitBatch(
  repo: Repo,
  branch: string,
  requests: readonly CheckpointRequest[],
  patience: number,
): Promise<BatchOutcome | { deferred: string }> {
  const until = Date.now() + patience;
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const place = await placeOf(repo, branch);
    if (!place) return { deferred: 'the branch does not exist' };
    const worktrees = requests.map((request) => request.worktree);
    const reason = await deferAt(repo, place, worktrees);
    if (reason) return { deferred: reason };
    const takeTill = tries > HOPEFUL_TRIES ? until : null;
    const move = await openMove(repo, place, takeTill, () => deferAt(repo, place, worktrees));
    if (!move) return { deferred: INDEX_HELD };
    try {
      const built = await build(repo, place, requests);
      if (built.plan === null) {
        for (const { id, result } of built.results) finishRequest(repo.commonDir, id, result);
        return { results: built.results };
      }
      const outcome = await move.carryOut(built.plan, until);
      if (outcome === 'held') return { deferred: INDEX_HELD };
      if (outcome !== 'changed') return outcome;
    } finally {
      move.close();
    }
    await pause(Math.random() * 5 * tries);
  }
  return { deferred: 'the branch keeps moving' };
}

/** What is to be done; nothing has moved. Without a plan nothing is left to commit. */
async function build(
  repo: Repo,
  place: BranchPlace,
  requests: readonly CheckpointRequest[],
): Promise<{ plan: MovePlan } | ({ plan: null } & BatchOutcome)> {
  const sessions = [...new Set(requests.map((request) => request.session))];
  const looking = tipOf(repo, place, requests);
  const [ident, folds, tip, rows] = await Promise.all([
    identNow(repo),
    Promise.all(sessions.map(async (id) => ({ id, files: await foldOf(repo, place, id) }))),
    looking,
    looking.then((entries) => Promise.all(sessions.map((id) => heldPaths(place, repo, id, entries)))),
  ]);
  const held = new Map(rows.flatMap((row) => [...row]));
  const overtaken = await overtakenFiles(place, requests, tip);
  for (const [path, why] of overtaken.held) held.set(path, why);
  const lastOf = new Map(requests.map((request) => [request.session, request.id]));
  const news = new Set(folds.filter((fold) => fold.files.length > 0).map((fold) => fold.id));
  const planned = planCommits(requests, tip, {
    held: new Set(held.keys()),
    fresh: overtaken.fresh,
    keepEmpty: (request) => news.has(request.session) && (request.event === 'task-done' || lastOf.get(request.session) === request.id),
  });
  // The log goes into the last commit of the batch: one blob and one tree a batch instead of one a request.
  const logOf = new Map(folds.map(({ id, files }) => [lastOf.get(id), files]));
  const commits = planned.map((commit) => ({ ...commit, contents: logOf.get(commit.request) ?? [] }));
  const logs = commits.flatMap((commit) => commit.contents);
  const changes = [...changesOf(planned, tip), ...logs.map((log) => changeOf(repo, log))];
  const resultsOf = (ids: readonly string[]) => requests.map((request) => resultOf(request, planned, ids, held));
  if (planned.length === 0) return { plan: null, results: resultsOf([]) };
  const make = async () => {
    const ids = await importChain(repo, place.tip, ident, commits);
    return { to: ids.at(-1) ?? place.tip, results: resultsOf(ids) };
  };
  return {
    plan: {
      changes,
      // What moves files is one act with its commit.
      isAct: requests.some(({ event }) => event !== 'adopt' && event !== 'promote'),
      logs,
      make,
      index: (at, side) => copyIndexCommitted(at, side, indexChanges(changes)),
    },
  };
}

/** What the branch holds at the requests' paths; the requests know it where the branch has not moved since. */
async function tipOf(repo: Repo, place: BranchPlace, requests: readonly CheckpointRequest[]): Promise<Map<string, Entry>> {
  const files = requests.flatMap((request) => request.files);
  if (requests.every((request) => request.tip === place.tip)) return new Map(files.map((file) => [file.path, file.was]));
  return entriesAt(
    repo,
    place.tip,
    files.map((file) => file.path),
  );
}

/** Only the session's own branch carries its log. */
async function foldOf(repo: Repo, place: BranchPlace, id: SessionId): Promise<FoldedLog[]> {
  return place.ref === `refs/heads/${branchOf(id, prefixOf(repo))}` ? foldLog(repo, id, place.tip) : [];
}

function changeOf(repo: Repo, { path, content, before }: FoldedLog): MovePlan['changes'][number] {
  const mode = '100644' as const;
  return { path, before: before === null ? null : { oid: before, mode }, after: { oid: blobId(repo, content), mode } };
}

function changesOf(planned: readonly PlannedCommit[], tip: ReadonlyMap<string, Entry>): MovePlan['changes'] {
  const after = new Map<string, Entry>();
  for (const { path, oid, mode } of planned.flatMap((commit) => commit.changes)) after.set(path, oid === null ? null : { oid, mode });
  return [...after].map(([path, entry]) => ({ path, before: tip.get(path) ?? null, after: entry }));
}

function resultOf(
  request: CheckpointRequest,
  planned: readonly PlannedCommit[],
  ids: readonly string[],
  held: ReadonlyMap<string, string>,
) {
  const n = planned.findIndex((commit) => commit.request === request.id);
  const own = new Set(request.files.map((file) => file.path));
  const files = (planned[n]?.changes ?? []).map((change) => change.path).filter((path) => own.has(path));
  const kept = [...own].flatMap((path) => (held.has(path) ? [{ path, why: held.get(path) ?? '' }] : []));
  return { id: request.id, result: { commit: ids[n] ?? null, files, held: kept } };
}

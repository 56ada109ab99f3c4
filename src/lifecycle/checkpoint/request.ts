/** Asking for a checkpoint: the files are hashed at once, the request is durable when it is queued, and whoever has the lock commits it. */

import { setTimeout as pause } from 'node:timers/promises';
import { type Actor, TOOL } from '../../core/log/record.ts';
import { isTreePath } from '../../core/routing/tree-path.ts';
import type { CheckpointEvent, CheckpointFile, CheckpointRequest } from '../../core/session/checkpoint.ts';
import { editedPaths, openEdits } from '../../core/session/open-edits.ts';
import { foldTasks, type Task } from '../../core/session/tasks.ts';
import { entriesAt } from '../../git/entries.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { snapshotFiles } from '../../git/snapshot.ts';
import { appendRecord } from '../../store/journal.ts';
import { enqueue, isQueued, readQueue, readResult, requestId } from '../../store/queue.ts';
import { type RecordsNaming, recordsNaming } from '../session/records-naming.ts';
import type { Session } from '../session/session.ts';
import { askAhead } from './ahead.ts';
import { drain } from './drain.ts';
import { misplaced, untouchable } from './file-gate.ts';
import type { Held } from './held.ts';

export interface CheckpointOptions {
  /** The task that it is a checkpoint of: its uncommitted files, where `files` names none. */
  task?: string;
  /** Exactly these paths, relative to the top of the worktree. */
  files?: readonly string[];
  event: CheckpointEvent;
  /** Return once it is committed (at most 60 s), not once it is queued. */
  wait: boolean;
  /** Defaults to the task's description. */
  subject?: string;
  /** Where the caller can tell already. */
  naming?: RecordsNaming;
}

export interface CheckpointOutcome {
  request: string;
  /** Still waiting: durable, and committed by a later command. */
  queued: boolean;
  /** Why it waits, where that is known. */
  waits: string | null;
  /** Null while queued, and where nothing was left to commit. */
  commit: string | null;
  /** What the commit holds of the files that were asked for; while queued, what it will hold. */
  files: string[];
  held: Held[];
}

const WAIT_MS = 60_000;

/** Queues a checkpoint of a task's files, or of the named ones, and commits it where nobody else is at it. Never fails on a lock. */
export async function requestCheckpoint(repo: Repo, session: Session, options: CheckpointOptions): Promise<CheckpointOutcome> {
  const at = worktreeOf(repo, session);
  const naming = options.naming ?? (await recordsNaming(repo, session));
  const { files, held, edits } = await filesOf(at, session, naming, options);
  const own = options.task === undefined ? [] : [options.task];
  const records = naming([...own, ...files.flatMap((file) => file.tasks)]);
  const tasks = foldTasks(records);
  const task = tasks.find((row) => row.task === options.task);
  const started = records.findLast((record) => record.kind === 'task.started' && record.data.task === options.task);
  recordWhatWasHashed(at, session, files, edits, { task: options.task, event: options.event, actor: started?.actor ?? TOOL });
  const request: CheckpointRequest = {
    version: 1,
    id: requestId(),
    session: session.id,
    branch: `refs/heads/${session.branch}`,
    worktree: at.top,
    tip: session.tip,
    event: options.event,
    subject: options.subject ?? task?.description ?? (options.task === undefined ? 'work in progress' : `task ${options.task}`),
    tasks: own,
    agent: task ? calledBy(task) : null,
    agents: agentsOf(tasks, files),
    files: withQueued(repo, `refs/heads/${session.branch}`, files),
    at: new Date().toISOString(),
  };
  enqueue(repo.commonDir, request);
  return settle(repo, request, held, options.wait);
}

/** Each file with what waiting requests are going to put there: older content, that this request's may follow. */
function withQueued(repo: Repo, branch: string, files: readonly CheckpointFile[]): CheckpointFile[] {
  const waiting = readQueue(repo.commonDir).requests.filter((request) => request.branch === branch);
  const before = waiting.flatMap((request) => request.files);
  return files.map((file) => {
    const also = before.filter(({ path }) => path === file.path).map(({ oid }) => oid);
    return also.length > 0 ? { ...file, also } : file;
  });
}

const calledBy = (task: Task) => task.agent.type ?? task.agent.name;

/** Who is at the tasks that these files belong to. */
function agentsOf(tasks: readonly Task[], files: readonly CheckpointFile[]): Record<string, string> {
  const named = new Set(files.flatMap((file) => file.tasks));
  return Object.fromEntries(tasks.filter((row) => named.has(row.task)).map((row) => [row.task, calledBy(row)]));
}

/** The worktree whose files belong to the session: the one that has its branch checked out, else this one. */
export function worktreeOf(repo: Repo, session: Session): Repo {
  return session.worktree === null || session.worktree === repo.top ? repo : repoAt(repo, session.worktree);
}

type Edits = ReturnType<typeof openEdits>;

/** What goes in, what stays out and why, and what the records know of it. Blobs are written. */
async function filesOf(
  at: Repo,
  session: Session,
  naming: RecordsNaming,
  { task, files }: CheckpointOptions,
): Promise<{ files: CheckpointFile[]; held: Held[]; edits: Edits }> {
  const named = files ?? (task === undefined ? [] : editedBy(naming, task));
  const paths = [...new Set(named)].filter((path) => isTreePath(path));
  const kept = new Map(untouchable(at, session.id, paths).map((row) => [row.path, row]));
  if (session.worktree !== null) askAhead(at, session, paths);
  const looking = entriesAt(at, session.tip, paths);
  const hashing = snapshotFiles(
    at,
    paths.filter((path) => !kept.has(path)),
    looking,
  );
  const [tip, snapshot] = await Promise.all([looking, hashing]);
  const edits = openEdits(naming(paths), tip);
  // Another task may have gone on with a file that this one has finished and committed: then it is that task's.
  const isOwn = (path: string) => files !== undefined || (task !== undefined && edits.get(path)?.tasks.includes(task));
  // A changed mode leaves the content as the branch has it, and so looks committed.
  const isModeOnly = (path: string) => !isOwn(path) && edits.get(path)?.lastTask === task;
  const wanted = new Map([...tip].filter(([path, before]) => isOwn(path) || (before && isModeOnly(path))));
  // What was moved away before anybody committed it is no file any more.
  for (const [path, before] of wanted) if (before === null && snapshot.get(path) === 'gone') wanted.delete(path);
  for (const row of await misplaced(at, session.id, session.tip, wanted)) kept.set(row.path, row);
  const held = [...kept.values()].filter((row) => wanted.has(row.path));
  held.push(...named.filter((path) => !isTreePath(path)).map((path) => ({ path, why: 'git could take it for its own folder' })));
  const taken: CheckpointFile[] = [];
  for (const [path, before] of wanted) {
    const now = snapshot.get(path);
    if (now === undefined || kept.has(path)) continue;
    if (now === 'unreadable' || now === 'other') {
      held.push({ path, why: now === 'other' ? 'it is no file' : 'it cannot be read' });
      continue;
    }
    const oid = now === 'gone' ? null : now.oid;
    const mode = now === 'gone' ? (before?.mode ?? '100644') : now.mode;
    if (oid !== null && !isTreePath(path, mode)) {
      held.push({ path, why: 'git takes no symbolic link of that name' });
      continue;
    }
    const sameContent = oid === (before?.oid ?? null);
    if ((sameContent && (oid === null || mode === before?.mode)) || (!sameContent && isModeOnly(path))) continue;
    taken.push({ path, oid, mode, was: before, tasks: edits.get(path)?.tasks ?? [] });
  }
  return { files: taken, held, edits };
}

/** Every path that a record says was edited under the task. */
export function editedBy(naming: RecordsNaming, task: string): string[] {
  return editedPaths(naming([task]).filter((record) => 'task' in record.data && record.data.task === task));
}

/** The records say what is about to be committed, also where a file was changed without a hook seeing it. */
function recordWhatWasHashed(
  at: Repo,
  session: Session,
  files: readonly CheckpointFile[],
  edits: Edits,
  { task, event, actor }: { task: string | undefined; event: CheckpointEvent; actor: Actor },
): void {
  for (const { path, oid } of files) {
    const known = edits.get(path);
    if (known?.last === oid) continue;
    const via = event === 'sweep' || event === 'adopt' || event === 'promote' ? event : 'hook';
    const data = { path, blob: oid, task: task ?? known?.tasks[0] ?? null, via } as const;
    appendRecord(at.commonDir, session.id, { kind: 'file.edited', actor, data });
  }
}

/** Commits the queue where nobody else does, and says what became of this request. */
async function settle(repo: Repo, request: CheckpointRequest, refused: Held[], wait: boolean): Promise<CheckpointOutcome> {
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const report = await drain(repo, { wait: false });
    if (!isQueued(repo.commonDir, request.id)) {
      const result = readResult(repo.commonDir, request.id);
      const aside = report.refused.find((row) => row.request === request.id);
      const held = [...refused, ...(result?.held ?? []), ...(aside ? request.files.map(({ path }) => ({ path, why: aside.why })) : [])];
      return { request: request.id, queued: false, waits: null, commit: result?.commit ?? null, files: result?.files ?? [], held };
    }
    const waits = report.deferred.find((row) => row.branch === request.branch)?.why ?? null;
    if (!wait || waits !== null || Date.now() >= until) {
      const files = request.files.map((file) => file.path);
      return { request: request.id, queued: true, waits: waits ?? 'another process is committing', commit: null, files, held: refused };
    }
    await pause(3 + Math.random() * 10);
  }
}

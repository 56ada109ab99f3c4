/** Checkpoint requests, and the commits that a batch of them makes. Pure. */

import { isTreePath } from '../routing/tree-path.ts';
import { asObject } from '../text/json.ts';
import { count, oneLine } from '../text/text.ts';
import { asSessionId, type SessionId } from './session-id.ts';
import { trailers } from './trailers.ts';

export type FileMode = '100644' | '100755' | '120000';
export type CheckpointEvent = 'checkpoint' | 'task-done' | 'sweep' | 'adopt' | 'promote';

/** A file's state in a tree; null where the path is no file there. */
export type Entry = { oid: string; mode: FileMode } | null;

export interface CheckpointFile {
  path: string;
  /** The blob as hashed when the checkpoint was asked for; null for a deletion. */
  oid: string | null;
  mode: FileMode;
  /** What the branch's tip held at that moment: something else when it is committed means that somebody was faster. */
  was: Entry;
  /** Contents that requests put there which were queued before this one; left out where there are none. */
  also?: (string | null)[];
  /** Tasks with edits of this file that no commit holds yet. */
  tasks: string[];
}

export interface CheckpointRequest {
  version: 1;
  /** Sortable by time; the name of its file in the queue. */
  id: string;
  session: SessionId;
  /** Full ref. */
  branch: string;
  /** Top of the worktree whose files were hashed. */
  worktree: string;
  /** The branch's tip when the files were compared with it. */
  tip: string;
  event: CheckpointEvent;
  /** What the subject says: a task's description. */
  subject: string;
  /** The tasks that it is a checkpoint of, whatever their files. */
  tasks: string[];
  agent: string | null;
  /** Who is at each task that the files name, by task; requests of earlier versions have none. */
  agents?: Record<string, string>;
  files: CheckpointFile[];
  /** ISO time of the request. */
  at: string;
}

/** The parsed request, or null where the text is none of this version. */
export function asRequest(value: unknown): CheckpointRequest | null {
  const raw = asObject(value);
  if (raw?.version !== 1 || typeof raw.id !== 'string' || typeof raw.branch !== 'string' || !Array.isArray(raw.files)) return null;
  if (typeof raw.session !== 'string' || !asSessionId(raw.session) || !Array.isArray(raw.tasks)) return null;
  const sound = raw.files.every((file) => {
    const row = asObject(file);
    return (
      row &&
      typeof row.path === 'string' &&
      isTreePath(row.path, String(row.mode)) &&
      (row.oid === null || typeof row.oid === 'string') &&
      Array.isArray(row.tasks)
    );
  });
  return sound ? (raw as unknown as CheckpointRequest) : null;
}

/** One commit to make: what it changes against the commit before it. */
export interface PlannedCommit {
  request: string;
  message: string;
  /** ISO time of the request: the author's date. */
  at: string;
  changes: { path: string; oid: string | null; mode: FileMode }[];
}

/**
 * One commit a request, in order, each holding only what differs from the one before it. `tip` says what the branch holds now (every path of
 * the requests), `held` which paths stay out. A file whose blob at the tip is neither the one seen at the request nor the requested one
 * was committed by somebody faster: `fresh` then says what the file is now, and the older content never overwrites the newer. What another
 * request of the batch put there is older, and the later content follows it.
 * Requests without a change give a commit only where `keepEmpty` says so (their records are news).
 */
export function planCommits(
  requests: readonly CheckpointRequest[],
  tip: ReadonlyMap<string, Entry>,
  options: { held: ReadonlySet<string>; fresh: ReadonlyMap<string, Entry>; keepEmpty(request: CheckpointRequest): boolean },
): PlannedCommit[] {
  const now = new Map(tip);
  const commits: PlannedCommit[] = [];
  for (const request of requests) {
    const changes: PlannedCommit['changes'] = [];
    const tasks = new Set(request.tasks);
    for (const file of request.files) {
      if (options.held.has(file.path)) continue;
      const before = now.get(file.path) ?? null;
      const after = options.fresh.has(file.path) && isOvertaken(file, before) ? (options.fresh.get(file.path) ?? null) : entryOf(file);
      if (same(before, after)) continue;
      now.set(file.path, after);
      changes.push({ path: file.path, oid: after?.oid ?? null, mode: after?.mode ?? file.mode });
      for (const task of file.tasks) tasks.add(task);
    }
    if (changes.length > 0 || options.keepEmpty(request)) {
      commits.push({ request: request.id, message: checkpointMessage(request, [...tasks], changes.length), at: request.at, changes });
    }
  }
  return commits;
}

/** True where the branch holds another version of the file than the request saw and than it asks for. */
export function isOvertaken(file: CheckpointFile, before: Entry): boolean {
  return ![file.was?.oid ?? null, file.oid, ...(file.also ?? [])].includes(before?.oid ?? null);
}

function entryOf(file: CheckpointFile): Entry {
  return file.oid === null ? null : { oid: file.oid, mode: file.mode };
}

function same(a: Entry, b: Entry): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

/** `checkpoint: Build authentication API (backend-dev, 3 files)`, and the trailers. */
export function checkpointMessage(request: CheckpointRequest, tasks: readonly string[], files: number): string {
  const what = oneLine(request.subject, 60) || 'work in progress';
  const agent = request.agent === null ? '' : oneLine(request.agent, 40);
  const about = [agent, files === 0 ? '' : count(files, 'file')].filter(Boolean).join(', ');
  const subject = `checkpoint: ${what}${about ? ` (${about})` : ''}`;
  const others = tasks.flatMap((task) => (Object.hasOwn(request.agents ?? {}, task) ? (request.agents?.[task] ?? []) : []));
  const agents = [...new Set([request.agent ?? [], others].flat())].filter((name) => typeof name === 'string');
  return `${subject}\n\n${trailers([
    ['Session-Id', request.session],
    ['Session-Event', request.event],
    ...tasks.map((task) => ['Session-Task', task] as const),
    ...agents.map((name) => ['Session-Agent', name] as const),
  ])}`;
}

/** The durable queue of checkpoint requests: one file each, written atomically and synced. Node built-ins only. */

import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asRequest, type CheckpointRequest } from '../core/session/checkpoint.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, syncFolder, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

let serial = 0;

/** A new id: sortable by time, unique among processes. */
export function requestId(ms = Date.now()): string {
  const random = Math.floor(Math.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  const n = (serial++).toString(36).padStart(4, '0');
  return `${ms.toString(36).padStart(9, '0')}-${process.pid.toString(36).padStart(5, '0')}-${n}-${random}`;
}

const fileOf = (commonDir: string, id: string) => join(privatePaths(commonDir).queue, `${id}.json`);

/** Adds a request; when this returns, it is on disk. */
export function enqueue(commonDir: string, request: CheckpointRequest): void {
  writeAtomic(fileOf(commonDir, request.id), JSON.stringify(request));
  syncFolder(privatePaths(commonDir).queue);
}

/** Ids in the queue, oldest first. */
export function queuedIds(commonDir: string): string[] {
  return list(privatePaths(commonDir).queue);
}

export interface Queue {
  /** Oldest first. */
  requests: CheckpointRequest[];
  /** Ids of files that are no requests. */
  unreadable: string[];
  /** Requests that a newer program made: they are for that one to read. */
  newer: { id: string; branch: string }[];
}

/** What is in the queue. */
export function readQueue(commonDir: string): Queue {
  const requests: CheckpointRequest[] = [];
  const unreadable: string[] = [];
  const newer: Queue['newer'] = [];
  for (const id of queuedIds(commonDir)) {
    const text = readOrNull(fileOf(commonDir, id));
    if (text === null) continue;
    const raw = asObject(parseJson(text));
    const request = asRequest(raw);
    if (request?.id === id) requests.push(request);
    else if (typeof raw?.version === 'number' && raw.version > 1) newer.push({ id, branch: String(raw.branch) });
    else unreadable.push(id);
  }
  return { requests, unreadable, newer };
}

export function isQueued(commonDir: string, id: string): boolean {
  return readOrNull(fileOf(commonDir, id)) !== null;
}

/** What became of a request that is done; `commit` is null where nothing was left to commit. */
export interface RequestResult {
  commit: string | null;
  files: string[];
  held: { path: string; why: string }[];
}

const resultOf = (commonDir: string, id: string) => join(privatePaths(commonDir).queue, 'done', `${id}.json`);

/** Keeps the last results for processes that wait for them; older ones go. */
const RESULTS = 200;

/** Takes a request out of the queue and leaves its result for whoever waits for it. Repeatable. */
export function finishRequest(commonDir: string, id: string, result: RequestResult): void {
  const path = resultOf(commonDir, id);
  try {
    mkdirSync(join(privatePaths(commonDir).queue, 'done'), { recursive: true });
    writeFileSync(`${path}.tmp`, JSON.stringify(result));
    renameSync(`${path}.tmp`, path);
  } catch {
    // Losing it costs only a fact in somebody's output, so it is not synced either; the request is done all the same.
  }
  rmSync(fileOf(commonDir, id), { force: true });
}

/** The result of a finished request, or null. */
export function readResult(commonDir: string, id: string): RequestResult | null {
  const raw = asObject(parseJson(readOrNull(resultOf(commonDir, id)) ?? ''));
  return raw ? (raw as unknown as RequestResult) : null;
}

/** What was not renamed into place for so long was left by a killed process. */
const STRAY_MS = 10 * 60_000;

/** Drops all but the newest results, and what killed processes left half written. */
export function tidyQueue(commonDir: string): void {
  const { queue } = privatePaths(commonDir);
  const done = join(queue, 'done');
  for (const id of list(done).slice(0, -RESULTS)) rmSync(join(done, `${id}.json`), { force: true });
  for (const dir of [queue, done]) {
    for (const name of namesIn(dir).filter((file) => file.endsWith('.tmp'))) {
      const stat = statSync(join(dir, name), { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs > STRAY_MS) rmSync(join(dir, name), { force: true });
    }
  }
}

/** Puts a request aside that git refuses, so that it never blocks the others; `why` is kept with it. Returns where. */
export function setAside(commonDir: string, id: string, why: string): string {
  const path = join(privatePaths(commonDir).queue, 'refused', `${id}.json`);
  writeAtomic(path, JSON.stringify({ why, request: parseJson(readOrNull(fileOf(commonDir, id)) ?? 'null') ?? null }));
  rmSync(fileOf(commonDir, id), { force: true });
  return path;
}

function list(dir: string): string[] {
  return namesIn(dir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

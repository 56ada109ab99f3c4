/** Edits that no commit holds yet: what a checkpoint of a task consists of. Pure. */

import type { AnyRecord } from '../log/record.ts';
import type { Entry } from './checkpoint.ts';

export interface OpenEdits {
  /** Tasks that edited the file since its last commit, in the order of their first such edit. */
  tasks: string[];
  /** True where anybody's record names an edit since then, also one outside every task. */
  claimed: boolean;
  /** The blob of the newest record (null: deleted); undefined where no record names the file. */
  last: string | null | undefined;
  /** The task of that record. */
  lastTask: string | null;
}

/**
 * For each path of `tip` (what the branch holds there): the recorded edits after the last record of that very content.
 * `records` come sorted, as `mergeRecords` gives them.
 */
export function openEdits(records: readonly AnyRecord[], tip: ReadonlyMap<string, Entry>): Map<string, OpenEdits> {
  const found = new Map<string, OpenEdits>();
  for (const path of tip.keys()) found.set(path, { tasks: [], claimed: false, last: undefined, lastTask: null });
  for (const record of records) {
    if (record.kind !== 'file.edited') continue;
    const { path, blob, task } = record.data;
    const edits = found.get(path);
    if (!edits) continue;
    edits.last = blob;
    edits.lastTask = task;
    if (blob === (tip.get(path)?.oid ?? null)) {
      edits.tasks = [];
      edits.claimed = false;
    } else {
      edits.claimed = true;
      if (task !== null && !edits.tasks.includes(task)) edits.tasks.push(task);
    }
  }
  return found;
}

/** Every path that a record says was edited. */
export function editedPaths(records: readonly AnyRecord[]): string[] {
  return [...new Set(records.flatMap((record) => (record.kind === 'file.edited' ? [record.data.path] : [])))];
}

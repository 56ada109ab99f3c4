/** Recording that a file was edited: its content as an object, one line in the journal. Hot path: no npm package. */

import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stateError } from '../../core/errors.ts';
import type { Actor } from '../../core/log/record.ts';
import { type MemoryPlace, placeOf } from '../../core/memory/key.ts';
import { foldTasks, openTasksOf } from '../../core/session/tasks.ts';
import { oneLine } from '../../core/text/text.ts';
import { holdsPath, storeFile, storeText } from '../../git/lean.ts';
import { pathInTree } from '../../store/edit-path.ts';
import { appendRecord, readJournal } from '../../store/journal.ts';
import { storeLoose } from '../../store/loose-blob.ts';
import { storeMemory } from '../memory/store.ts';
import { type Here, refuseEnded } from '../session/here.ts';

export interface EditDraft {
  /** As the caller names it: absolute, or relative to `cwd`. */
  file: string;
  cwd: string;
  /** Null: the only open task of the actor (of all, where that is null too), where there is exactly one. */
  task: string | null;
  /** Null: who started the task, else `fallback`, which may have to ask git. */
  actor: Actor | null;
  fallback: () => Actor;
  memoryKey: string | null;
}

export interface RecordedEdit {
  path: string;
  /** Null: the file is gone. */
  blob: string | null;
  task: string | null;
  /** Open tasks of which nothing said which is meant. */
  unclear: string[];
  /** The tasks that are open beside the named one, where no record of this clone names that before; null where one does, or nobody looked. */
  beside: string[] | null;
  actor: Actor;
  record: string;
  memory: MemoryPlace | null;
}

/**
 * Records the edit, with the content that the file has now kept as a blob, and stores {path, blob, task, agent} under the memory key.
 * When this returns, both are written. Throws (exit 1) where the session has ended, or the path is none of the session's.
 */
export async function recordEdit(here: Here, draft: EditDraft): Promise<RecordedEdit> {
  const path = pathInTree(here.place.top, draft.cwd, draft.file);
  const memory = draft.memoryKey === null ? null : placeOf(draft.memoryKey, undefined, here.policy);
  await refuseEnded(here);
  const { task, actor, unclear, beside } = whoseEdit(here, draft);
  const blob = contentOf(here, path);
  const record = appendRecord(here.place.commonDir, here.id, { kind: 'file.edited', actor, data: { path, blob, task, via: 'hook' } });
  if (memory) {
    const value = { path, blob, task, agent: actor.name };
    await storeMemory(here, { place: memory, value, actor, task, ttlMs: null, tags: [], ifAbsent: false });
  }
  return { path, blob, task, unclear, beside, actor, record: record.id, memory };
}

function whoseEdit(here: Here, { task, actor, fallback }: EditDraft): Pick<RecordedEdit, 'task' | 'actor' | 'unclear' | 'beside'> {
  if (task !== null && actor !== null) return { task, actor, unclear: [], beside: null };
  const { records } = readJournal(here.place.commonDir, here.id);
  const open = task === null ? openTasksOf(foldTasks(records), actor) : [];
  const name = task ?? (open.length === 1 ? (open[0]?.task ?? null) : null);
  const started = records.findLast((record) => record.kind === 'task.started' && record.data.task === name);
  const unclear = name === null ? open.map((row) => row.task) : [];
  const known = task === null || records.some(({ data }) => 'task' in data && data.task === task);
  const beside = known ? null : openTasksOf(foldTasks(records), null).map((row) => row.task);
  return { task: name, actor: actor ?? started?.actor ?? fallback(), unclear, beside };
}

/** The blob of what is there now, which keeps the content as it was at the edit. Throws (exit 1) where there is neither a file nor one that the session has. */
function contentOf(here: Here, path: string): string | null {
  const stat = lstatSync(join(here.place.top, path), { throwIfNoEntry: false });
  const blob = stat?.isSymbolicLink()
    ? storeText(here.place, readlinkSync(join(here.place.top, path)))
    : stat?.isFile()
      ? (storeLoose(here.place, path) ?? storeFile(here.place, path))
      : null;
  if (blob !== null) return blob;
  const shown = oneLine(path);
  if (stat?.isDirectory()) throw stateError({ what: `${shown} is a folder.`, next: 'Report each file that was edited.' });
  if (stat) throw stateError({ what: `${shown} cannot be read as a file.` });
  const known = readJournal(here.place.commonDir, here.id).records.some((r) => r.kind === 'file.edited' && r.data.path === path);
  if (known || holdsPath(here.place, here.tip, path)) return null;
  throw stateError({
    what: `There is no file ${shown}, and the session has none of that name.`,
    next: 'Paths are relative to the current folder.',
  });
}

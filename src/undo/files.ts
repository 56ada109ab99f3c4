/** Files that an adopt or a promote moved, on their way back. */

import { lstatSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Act, FileEffect } from '../core/acts.ts';
import { stateError } from '../core/errors.ts';
import type { Actor } from '../core/log/record.ts';
import { oneLine } from '../core/text/text.ts';
import { readFiltered } from '../git/checkout.ts';
import type { Repo } from '../git/run.ts';
import { requestCheckpoint } from '../lifecycle/checkpoint/checkpoint.ts';
import { moveFiles, sessionOfCheckout } from '../lifecycle/files/move-files.ts';
import { makeFolders } from '../store/in-tree.ts';

/** A move; `replaced`: the blob that then comes back to where the file was, or (done again) is overwritten there. */
export type FilePlan = FileEffect;

/** Those that are not done yet. Throws (exit 1) where a file is gone or its place is taken. */
export async function planFiles(repo: Repo, files: readonly FileEffect[]): Promise<FilePlan[]> {
  const there = (path: string) => lstatSync(join(repo.top, path), { throwIfNoEntry: false }) !== undefined;
  return files.filter(({ from, to, replaced }) => {
    if (!there(from) && there(to)) return false;
    if (there(from) && (!there(to) || replaced !== null)) return true;
    throw stateError({
      what: `${oneLine(from)} cannot go back to ${oneLine(to)}.`,
      why: there(from) ? `${oneLine(to)} is there already.` : 'It is not there any more.',
      next: 'Move it yourself, as you want it to be.',
    });
  });
}

/** Moves them, records it, and commits what a commit had moved. `act`: what is reversed. */
export async function moveFilesBack(repo: Repo, act: Act, files: readonly FilePlan[], redo: boolean, actor: Actor): Promise<void> {
  if (files.length === 0) return;
  const session = await sessionOfCheckout(repo);
  const event = files.some(({ to }) => to.startsWith(`sessions/${session.id}/`)) ? 'adopt' : 'promote';
  const moves = files.map(({ from, to, replaced }) => ({ from, to, replaces: redo && replaced !== null }));
  const subject = `undo ${act.name === 'undo' ? 'an undo' : act.name}: ${oneLine(files[0]?.to ?? '', 60)}`;
  await moveFiles(repo, session, moves, { event, actor, task: null, subject, undoes: true });
  const returning = redo ? [] : files.filter(({ replaced }) => replaced !== null);
  for (const { from, replaced } of returning) {
    makeFolders(repo.top, dirname(from));
    writeFileSync(join(repo.top, from), await readFiltered(repo, from, replaced ?? ''));
  }
  if (returning.length === 0) return;
  await requestCheckpoint(repo, session, { files: returning.map(({ from }) => from), event, wait: true, subject });
}

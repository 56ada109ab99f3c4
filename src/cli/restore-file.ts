/** `git session restore <file>`: from a bundle whole, from a backup what it holds. */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readBackup, refuseOtherBackup } from '../closeout/backup-file.ts';
import { stateError } from '../core/errors.ts';
import { backupLines } from '../core/memory/backup-lines.ts';
import { oneLine } from '../core/text/text.ts';
import type { Repo } from '../git/run.ts';
import { bundledSessions, importSession } from '../lifecycle/backup.ts';
import { importMemory, readExport } from '../lifecycle/memory/import.ts';
import { loadSession, type Session } from '../lifecycle/session/session.ts';
import { runStart, type Started } from '../lifecycle/start/start.ts';
import { planStart, type StartPlan, type StartRequest } from '../lifecycle/start/start-plan.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';

/** The file that a word names instead of a session: a path, or a name that ends as one of ours. Null where it names none. */
export function fileNamed(word: string): string | null {
  if (!/[\\/]|\.(bundle|json)$/.test(word)) return null;
  if (statSync(word, { throwIfNoEntry: false })?.isFile()) return resolve(word);
  // A branch's name has a slash, too.
  if (!/\.(bundle|json)$/.test(word)) return null;
  throw stateError({ what: `There is no file ${oneLine(word, 200)}.` });
}

/** By what it begins with, not by what it is called. */
export function isBundle(file: string): boolean {
  const head = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head);
  } finally {
    closeSync(handle);
  }
  return /^# v\d+ git bundle/.test(head.toString('latin1'));
}

/** Takes in a bundle of one session. Throws (exit 1), with nothing changed, where it holds several or anything else. */
export async function takeIn(repo: Repo, file: string) {
  const rows = await bundledSessions(repo, file);
  if (rows.every(({ ref }) => ref.startsWith('refs/tags/approval/'))) {
    throw stateError({
      what: `${oneLine(file, 120)} holds approvals alone; nothing was taken in.`,
      next: `Take them in with: git session backup import ${oneLine(file, 120)}`,
    });
  }
  const ids = new Set(rows.map(({ id }) => id));
  const [id, second] = ids;
  if (second) {
    throw stateError({
      what: `${oneLine(file, 120)} holds ${ids.size} sessions; nothing was taken in.`,
      next: `Take them in, then restore the one that you mean: git session backup import ${oneLine(file, 120)}`,
    });
  }
  const refs = await importSession(repo, file);
  const session = id ? await loadSession(repo, id) : null;
  if (!session) throw new TypeError('a bundle that was checked holds a session');
  return { session, refs: refs.map(({ ref, oid, made }) => ({ ref, oid, made })) };
}

export interface FromBackup {
  plan: StartPlan;
  run: Started;
  backup: { session: string; entries: number; left_out: number; artifacts: number; workspace: number };
}

/** Starts a session that continues the one that the backup is of, with its memory. Throws (exit 1) with nothing changed where the file is not right. */
export async function startFromBackup(
  repo: Repo,
  file: string,
  request: Omit<StartRequest, 'topic' | 'from'> & { topic?: string | undefined },
): Promise<FromBackup> {
  const read = readBackup(file);
  const { id, backup } = read;
  const session: Session | null = await loadSession(repo, id);
  await refuseOtherBackup(repo, file, read, session);
  const now = new Date();
  const plan = await planStart(
    repo,
    {
      ...request,
      topic: request.topic ?? backup.topic,
      goal: request.goal ?? backup.goal ?? undefined,
      ...(session ? { from: id } : { continues: id }),
    },
    now,
  );
  const lines = backupLines(backup);
  const { problems } = readExport(lines, compiledPolicy(repo.commonDir));
  if (problems.length > 0) {
    throw stateError({
      what: `${oneLine(file, 200)} is no backup that can be restored; nothing was changed.`,
      why: problems
        .slice(0, 5)
        .map(({ line, what }) => `entry ${line} of its memory ${what}`)
        .join('\n'),
    });
  }
  const run = await runStart(repo, plan, now);
  const here = { place: repo, id: run.id, tip: run.commit, checkedOut: false, policy: compiledPolicy(repo.commonDir) };
  const { add } = await importMemory(here, lines, { actor: plan.actor, restore: false, unnamed: true });
  const { artifacts, workspace } = backup.inventory;
  return {
    plan,
    run,
    backup: {
      session: id,
      entries: add.length,
      left_out: lines.length - add.length,
      artifacts: artifacts.length,
      workspace: workspace.length,
    },
  };
}

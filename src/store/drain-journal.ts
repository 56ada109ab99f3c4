/** What a drainer is about to do, written down before it does it, so that the next one can finish or take back after a kill. */

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../core/session/checkpoint.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import type { LockWindow } from './lock-window.ts';
import { privatePaths } from './paths.ts';
import type { ProcessMark } from './process.ts';
import type { RequestResult } from './queue.ts';

export interface DrainJournal {
  version: 1;
  /** Full ref. */
  branch: string;
  /** Where it stood. */
  from: string;
  /** To be noted as an act. */
  isAct: boolean;
  /** Where the branch goes; null while only the index is being held. */
  to: string | null;
  /** The checkout whose index is held; null where no worktree has the branch. */
  checkout: { top: string; gitDir: string /** Device and inode of the lock. */; lock: string /** The index to be. */; side: string } | null;
  /** What the branch's new tip changes. */
  changes: { path: string; before: Entry; after: Entry }[];
  requests: { id: string; result: RequestResult }[];
  /** The git that moves the ref: while it lives, nobody can say whether the ref has moved. */
  mover: ProcessMark | null;
  /** When that git took the locks of the branch and of HEAD; null before. */
  locking: LockWindow | null;
}

const scratchOf = (commonDir: string) => join(privatePaths(commonDir).root, 'drain');
const fileOf = (commonDir: string) => join(scratchOf(commonDir), 'plan.json');
let serial = 0;

/** A new path in the drainer's own folder, in the file system of the repository. A dead drainer's child may still write to its own. */
export function scratchFile(commonDir: string, name: string): string {
  mkdirSync(scratchOf(commonDir), { recursive: true });
  return join(scratchOf(commonDir), `${process.pid}.${Date.now().toString(36)}.${serial++}.${name}`);
}

/** Writes the plan; on disk when this returns. */
export function writeDrainJournal(commonDir: string, journal: DrainJournal): void {
  writeAtomic(fileOf(commonDir), JSON.stringify(journal));
}

/** What a drainer left that was killed, or null. One that cannot be read says nothing. */
export function readDrainJournal(commonDir: string): DrainJournal | null {
  const raw = asObject(parseJson(readOrNull(fileOf(commonDir)) ?? ''));
  return raw?.version === 1 && Array.isArray(raw.changes) && Array.isArray(raw.requests) ? (raw as unknown as DrainJournal) : null;
}

/** True for a plan that a newer program left: only that one can settle it. */
export function hasNewerJournal(commonDir: string): boolean {
  return Number(asObject(parseJson(readOrNull(fileOf(commonDir)) ?? ''))?.version) > 1;
}

export function hasDrainJournal(commonDir: string): boolean {
  return existsSync(fileOf(commonDir));
}

/** The plan is carried out or taken back: it goes first, and then what it spoke of. */
export function clearDrainJournal(commonDir: string): void {
  rmSync(fileOf(commonDir), { force: true });
  rmSync(scratchOf(commonDir), { recursive: true, force: true });
}

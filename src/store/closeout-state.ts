/** What an interrupted closeout needs to be finished by the next run: `git-session/closeout/<id>.json`, replaced atomically at each step. */

import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StepName } from '../core/closeout/plan.ts';
import { stateError } from '../core/errors.ts';
import { asSessionId, type SessionId } from '../core/session/session-id.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import type { LockWindow } from './lock-window.ts';
import { privatePaths } from './paths.ts';
import type { ProcessMark } from './process.ts';

/** A checkout that moves, and what becomes of it afterwards. */
export interface CheckoutMove {
  /** Top of the worktree. */
  top: string;
  /** The branch that it is on. */
  role: 'base' | 'session';
  /** Commits. */
  from: string;
  to: string;
  after: 'stay' | 'to-base' | 'detach' | 'remove';
  /** Folders that tools fill again: they do not keep a worktree from being removed. */
  refillable: readonly string[];
}

/** What is moved once everything is signed. */
export interface LandingObjects {
  /** Full ref names; `from` null: is made. */
  moves: { ref: string; from: string | null; to: string; what: 'base' | 'session' | 'tag' }[];
  checkouts: CheckoutMove[];
  /** Short names. */
  baseBranch: string;
  sessionBranch: string;
  /** The seal, where the session branch and a detached checkout end up. */
  seal: string;
  keepBranch: boolean;
  /** Where base and tag are pushed to before anything is tidied; null: nowhere. */
  push: { remote: string; refspecs: string[] } | null;
  /** The ref in the trash that a tag goes to where the remote refused the landing, once it is being taken back. */
  withdrawn?: string;
}

export interface CloseoutState {
  version: 1;
  session: SessionId;
  goal: 'land' | 'seal' | 'tag';
  /** The step that was begun last. */
  step: StepName;
  /** The moment of the approval; told, and never believed by a later run. */
  closedAt: string;
  landing: LandingObjects | null;
  /** So many bytes of the journal were there when the seal was made; null where it was made earlier. */
  journal: number | null;
  /** Processes of git that may outlive a killed closeout. */
  children: ProcessMark[];
  /** Locks of indexes that were taken: the file whose inode each is proves after a kill that it is ours. */
  claims?: { gitDir: string; file: string; inode: string }[];
  /** When the ref locks that the landing holds were taken. */
  locking?: LockWindow;
  /** What `undo` knows it by, once refs may move. */
  act?: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

/** The state, or null where no closeout of the session was interrupted. Throws (exit 1) where a newer program began it: only that one knows how it goes on. */
export function readCloseout(commonDir: string, id: SessionId): CloseoutState | null {
  const raw = asObject(parseJson(readOrNull(privatePaths(commonDir).closeout(id)) ?? ''));
  if (typeof raw?.version === 'number' && raw.version > 1) {
    throw stateError({
      what: 'A newer git-session began to close this session out, and was interrupted.',
      why: `What it left has version ${raw.version}, and this program knows 1.`,
      next: 'Finish it with that version: install it, and run the same command again.',
    });
  }
  return raw?.version === 1 && raw.session === id && typeof raw.step === 'string' ? (raw as unknown as CloseoutState) : null;
}

/** Keeps the state; when this returns, it survives a kill. */
export function writeCloseout(commonDir: string, state: CloseoutState): void {
  writeAtomic(privatePaths(commonDir).closeout(state.session), `${JSON.stringify(state)}\n`);
}

/** Forgets the state. */
export function dropCloseout(commonDir: string, id: SessionId): void {
  rmSync(privatePaths(commonDir).closeout(id), { force: true });
}

/** Sessions whose closeout was begun and not finished. */
export function begunCloseouts(commonDir: string): SessionId[] {
  try {
    const names = readdirSync(dirname(privatePaths(commonDir).closeout('x')));
    return names.flatMap((name) => (name.endsWith('.json') ? (asSessionId(name.slice(0, -'.json'.length)) ?? []) : [])).sort();
  } catch {
    return [];
  }
}

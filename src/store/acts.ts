/** The acts of this clone: `git-session/acts.jsonl`, appended to before and after each one, so that a kill in between is known. */

import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Act, type ActDraft, type Effects, foldActs, hasNewerActs } from '../core/acts.ts';
import { makeRecordId } from '../core/log/record-id.ts';
import { readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';
import { writerId } from './writer.ts';

const salt = Math.floor(Math.random() * 36 ** 6);
let seq = 0;

export interface OpenAct {
  id: string;
  /** Effects that are known only now; what comes next is covered by them. */
  know(effects: Partial<Effects>): void;
  done(effects?: Partial<Effects>): void;
  /** Nothing came of it. */
  failed(): void;
}

/** Says that an act begins. Throws the system's error where that cannot be written: it has not begun then. */
export function beginAct(commonDir: string, draft: ActDraft): OpenAct {
  const now = Date.now();
  const id = makeRecordId({ ms: now, writer: writerId(commonDir), pid: process.pid, seq: seq++, salt });
  append(commonDir, { v: 1, act: id, phase: 'begun', at: new Date(now).toISOString(), ...draft });
  return openAct(commonDir, id);
}

/** An act that another process began. */
export function openAct(commonDir: string, id: string): OpenAct {
  return {
    id,
    know: (effects) => append(commonDir, { v: 1, act: id, phase: 'known', effects }),
    done: (effects) => settle(commonDir, { v: 1, act: id, phase: 'done', ...(effects ? { effects } : {}) }),
    failed: () => settle(commonDir, { v: 1, act: id, phase: 'failed' }),
  };
}

/** All of them, oldest first. */
export function readActs(commonDir: string): Act[] {
  return foldActs(readOrNull(privatePaths(commonDir).acts) ?? '');
}

/** Whether a newer program did something in this clone. */
export function actedNewer(commonDir: string): boolean {
  return hasNewerActs(readOrNull(privatePaths(commonDir).acts) ?? '');
}

/** The act itself is over: a full disk must not make a failure of it. An undo then takes it for an interrupted one, and looks at what is there. */
function settle(commonDir: string, line: object): void {
  try {
    append(commonDir, line);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
}

/** One write of one line; a newline first where somebody was killed in the middle of one. */
function append(commonDir: string, line: object): void {
  const path = privatePaths(commonDir).acts;
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'a+', 0o644);
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1, '\n');
    if (size > 0) readSync(fd, last, 0, 1, size - 1);
    writeSync(fd, `${last.toString() === '\n' ? '' : '\n'}${JSON.stringify(line)}\n`);
  } finally {
    closeSync(fd);
  }
}

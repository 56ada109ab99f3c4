/**
 * A lock that survives `kill -9`: epochs. Each holder links `e<n+1>` beside `e<n>`, and only where `e<n>` is released (empty) or its
 * holder dead. Breaking a dead holder's lock and taking it are one `link()`, so two breakers cannot both win, as they do with
 * "unlink if dead". No listing has to be exact: a process that slept, or that read a folder changing under it, follows an epoch that
 * no longer stands, and sees that. Node built-ins only; no daemon: a holder that waits for a person shows once a minute that it lives.
 */

import {
  closeSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { privatePaths } from './paths.ts';
import { lives, markOf, type ProcessMark } from './process.ts';

export interface Lock {
  release(): void;
}

/** A holder on another host or in another pid name space cannot be asked whether it lives; after so long without a sign it is taken for dead. */
const FOREIGN_MS = 10 * 60_000;
/** What a person should know where it cannot be said whether the holder lives. */
export const GIVEN_UP = 'If it was killed on another machine or in another container, this one gives it up after 10 minutes.';
/** So often a holder gives a sign, for those who cannot ask. */
const SIGN_MS = 60_000;
/** A mark that was written and never linked belongs to a dead process after this long. */
const STRAY_MS = 60_000;
let serial = 0;

/** The lock, or null where a living process holds it. `name` is a plain file name. */
export function tryLock(commonDir: string, name: string): Lock | null {
  const steps = attempt(join(privatePaths(commonDir).locks, name), markOf());
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** One attempt at the lock of a folder. It yields wherever another process may come in between, so that a test can let it. */
export function* attempt(dir: string, mark: ProcessMark): Generator<void, Lock | null> {
  const n = epochs(dir).at(-1) ?? found(dir);
  const last = join(dir, `e${n}`);
  const seen = openOrNull(last);
  if (seen === null) return null;
  try {
    if (held(seen)) return null;
    yield;
    const own = join(dir, `e${n + 1}`);
    const fd = yield* linkMark(dir, own, mark);
    if (fd === null) return null;
    yield;
    // Epochs are cleared in ascending order and by a holder alone. So where the very file that I follow still stands, nobody was here
    // before me, and whoever comes after finds me; where it does not, I slept, and others have come and gone.
    if (!isAt(seen, last)) {
      closeSync(fd);
      rmSync(own, { force: true });
      return null;
    }
    for (const old of epochs(dir)) {
      yield;
      if (old <= n) rmSync(join(dir, `e${old}`), { force: true });
    }
    clearStrays(dir);
    const signs = setInterval(() => sign(fd), SIGN_MS).unref();
    const release = () => {
      clearInterval(signs);
      emptied(fd);
    };
    return { release };
  } finally {
    closeSync(seen);
  }
}

/** A disk that takes no sign for a while is no reason to end what the holder is at. */
function sign(fd: number): void {
  try {
    futimesSync(fd, new Date(), new Date());
  } catch {
    // The next one may go through.
  }
}

/** The numbers of the epochs in the folder, in ascending order; none where there is no folder. */
function epochs(dir: string): number[] {
  return list(dir)
    .filter((file) => /^e\d+$/.test(file))
    .map((file) => Number(file.slice(1)))
    .sort((a, b) => a - b);
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the folder with a released epoch 0. Renaming a folder replaces an empty one only, so a folder in use is never begun anew. */
function found(dir: string): number {
  mkdirSync(dirname(dir), { recursive: true });
  clearUnborn(dirname(dir));
  const fresh = mkdtempSync(`${dir}.`);
  try {
    writeFileSync(join(fresh, 'e0'), '');
    renameSync(fresh, dir);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  return 0;
}

/** Folders that a process made which was killed before it named them. */
function clearUnborn(locks: string): void {
  for (const name of list(locks).filter((file) => /\.\w{6}$/.test(file))) {
    const stat = statSync(join(locks, name), { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > STRAY_MS) rmSync(join(locks, name), { recursive: true, force: true });
  }
}

/** Puts a mark at `own`, whole or not at all; null where the name is taken. Returns the file, open. */
function* linkMark(dir: string, own: string, mark: ProcessMark): Generator<void, number | null> {
  const temporary = join(dir, `t${process.pid}.${serial++}`);
  const fd = openSync(temporary, 'wx');
  try {
    writeFileSync(fd, JSON.stringify(mark));
    yield;
    linkSync(temporary, own);
    return fd;
  } catch (error) {
    closeSync(fd);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || code === 'ENOENT') return null;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Emptying a file needs no room, so a full disk cannot keep a lock held; and the name stays taken, so that no sleeper takes it again. */
function emptied(fd: number): void {
  ftruncateSync(fd);
  closeSync(fd);
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** True where the open file is the one at `path`: its inode cannot be used again while it is open. */
function isAt(fd: number, path: string): boolean {
  const [open, there] = [fstatSync(fd, { bigint: true }), statSync(path, { bigint: true, throwIfNoEntry: false })];
  return there !== undefined && open.ino === there.ino && open.dev === there.dev;
}

function clearStrays(dir: string): void {
  for (const file of readdirSync(dir)) {
    const stat = file.startsWith('t') ? statSync(join(dir, file), { throwIfNoEntry: false }) : undefined;
    if (stat && Date.now() - stat.mtimeMs > STRAY_MS) rmSync(join(dir, file), { force: true });
  }
}

/** Names of the locks whose holder died without releasing them. */
export function deadLocks(commonDir: string): string[] {
  const { locks } = privatePaths(commonDir);
  return list(locks).filter((name) => {
    const last = epochs(join(locks, name)).at(-1);
    const fd = last === undefined ? null : openOrNull(join(locks, name, `e${last}`));
    if (fd === null) return false;
    try {
      return fstatSync(fd).size > 0 && !held(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/** True while the epoch's holder may live. */
function held(fd: number): boolean {
  const mark = asObject(parseJson(readFileSync(fd, 'utf8')));
  if (!mark || typeof mark.pid !== 'number') return false;
  const alive = lives(mark as unknown as ProcessMark);
  return alive === 'unknown' ? Date.now() - fstatSync(fd).mtimeMs < FOREIGN_MS : alive === 'yes';
}

/** Runs `fn` under the lock and releases it, also when `fn` throws. Waits at most `timeoutMs` (10 s), then throws (exit 1). */
export async function withLock<T>(
  commonDir: string,
  name: string,
  fn: () => T | Promise<T>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<T> {
  const until = Date.now() + timeoutMs;
  let pause = 2;
  for (;;) {
    const lock = tryLock(commonDir, name);
    if (lock) {
      try {
        return await fn();
      } finally {
        lock.release();
      }
    }
    if (Date.now() >= until) {
      throw stateError({
        what: `Another git-session process has been at work for ${Math.round(timeoutMs / 1000)} s.`,
        why: `It holds the lock "${name}", and nothing was changed.`,
        next: `Wait for it to end and run the command again. ${GIVEN_UP}`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, pause + Math.random() * pause));
    pause = Math.min(pause * 1.5, 50);
  }
}

/**
 * A lock that survives `kill -9`: epochs. Each holder links `e<n+1>` beside `e<n>`, and only where `e<n>` is free or its holder dead.
 * Breaking a dead holder's lock and taking it are one `link()`, so two breakers cannot both win, as they do with "unlink if dead".
 * Node built-ins only; no timer and no daemon.
 */

import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { asObject, parseJson } from '../core/json.ts';
import { readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';
import { lives, markOf, type ProcessMark } from './process.ts';

export interface Lock {
  release(): void;
}

/** A holder in another pid name space cannot be asked whether it lives; after this long it is taken for dead. */
const FOREIGN_MS = 10 * 60_000;
/** A mark that was written and never linked belongs to a dead process after this long. */
const STRAY_MS = 60_000;
let serial = 0;

/** The lock, or null where a living process holds it. `name` is a plain file name. */
export function tryLock(commonDir: string, name: string): Lock | null {
  const dir = join(privatePaths(commonDir).locks, name);
  mkdirSync(dir, { recursive: true });
  const last = epochs(dir).at(-1);
  if (last && !last.free && held(join(dir, last.file))) return null;
  const n = (last?.n ?? 0) + 1;
  const own = join(dir, `e${n}`);
  const temporary = join(dir, `t${process.pid}.${serial++}`);
  writeFileSync(temporary, JSON.stringify(markOf()));
  try {
    linkSync(temporary, own);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || code === 'ENOENT') return null;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  const now = epochs(dir);
  // A process that slept between looking and linking may have linked an epoch that was long passed and cleared away.
  // Epochs are cleared in ascending order, so "the one that I follow still stands" means that nobody followed it before.
  if (now.at(-1)?.n !== n || (last && !now.some((epoch) => epoch.n === last.n))) {
    rmSync(own, { force: true });
    return null;
  }
  for (const epoch of now) if (epoch.n < n) rmSync(join(dir, epoch.file), { force: true });
  clearStrays(dir);
  // A rename needs no room on the disk, so a full one cannot keep a lock held.
  return { release: () => renameSync(own, join(dir, `f${n}`)) };
}

interface Epoch {
  n: number;
  /** `f<n>`: released. `e<n>`: held while its process lives. */
  free: boolean;
  file: string;
}

/** In ascending order. */
function epochs(dir: string): Epoch[] {
  return readdirSync(dir)
    .filter((file) => /^[ef]\d+$/.test(file))
    .map((file) => ({ n: Number(file.slice(1)), free: file.startsWith('f'), file }))
    .sort((a, b) => a.n - b.n || Number(a.free) - Number(b.free));
}

function clearStrays(dir: string): void {
  for (const file of readdirSync(dir)) {
    if (file.startsWith('t') && age(join(dir, file)) > STRAY_MS) rmSync(join(dir, file), { force: true });
  }
}

function age(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
}

/** True while the epoch's holder may live. A vanished epoch was released or followed just now: look again. */
function held(path: string): boolean {
  const text = readOrNull(path);
  if (text === null) return true;
  const mark = asObject(parseJson(text));
  if (!mark || typeof mark.pid !== 'number') return false;
  const alive = lives(mark as unknown as ProcessMark);
  return alive === 'unknown' ? age(path) < FOREIGN_MS : alive === 'yes';
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
        next: 'Wait for it to end and run the command again.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, pause + Math.random() * pause));
    pause = Math.min(pause * 1.5, 50);
  }
}

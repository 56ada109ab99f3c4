/** When a git of ours took the locks of refs: what tells an empty lock that it left from one of somebody who is at work. */

/** Milliseconds since the epoch. `to` null: it was killed while it took them. */
export interface LockWindow {
  from: number;
  to: number | null;
}

/** The clock of files may lag by a tick. */
const TICK_MS = 20;
/** git fills, renames or drops a lock of its own within milliseconds; one that stays empty for so long was left. */
const LEFT_MS = 1000;
/** So long after `from` our git may have begun to take them: a busy machine starts it late. */
const BEGIN_MS = 12_000;

/**
 * True where an empty lock file of that age is ours: between `from` and `to` our git got every lock, and while it held them nobody else could.
 * Where it was killed before it had them all, one that was left empty at that time counts as its own.
 */
export function madeWithin(mtimeMs: number, window: LockWindow | null | undefined): boolean {
  if (!window || mtimeMs < window.from - TICK_MS) return false;
  return window.to === null ? Date.now() - mtimeMs > LEFT_MS && mtimeMs < window.from + BEGIN_MS : mtimeMs <= window.to;
}

/** Waiting for a file of private state to change: told by the file system, with a slow look for what it does not tell. Node built-ins only. */

import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface Watched {
  /** Ends at the next change, after `ms` milliseconds, or when the signal aborts; whichever is first. A change since the last call ends it at once. */
  next(ms: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** Where the file system tells nothing (no watches left, some network mounts), a look so often. */
const BLIND_MS = 250;

/** Watches one file, there or not yet; its folder is made. */
export function watchFile(path: string): Watched {
  const name = basename(path);
  let changed = false;
  let wake: (() => void) | null = null;
  const notice = () => {
    changed = true;
    wake?.();
  };
  let watcher: FSWatcher | null = open(dirname(path), (_event, file) => {
    // Some systems do not say which file it was.
    if (file === null || file === name) notice();
  });
  watcher?.on('error', () => {
    watcher?.close();
    watcher = null;
    notice();
  });
  return {
    next: (ms, signal) =>
      new Promise((resolve) => {
        if (changed || signal?.aborted) {
          changed = false;
          resolve();
          return;
        }
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          wake = null;
          changed = false;
          resolve();
        };
        const timer = setTimeout(done, watcher ? ms : Math.min(ms, BLIND_MS));
        signal?.addEventListener('abort', done);
        wake = done;
      }),
    close: () => watcher?.close(),
  };
}

function open(folder: string, listener: (event: string, file: string | null) => void): FSWatcher | null {
  try {
    mkdirSync(folder, { recursive: true });
    return watch(folder, listener);
  } catch {
    return null;
  }
}

/** Waiting for files to change: told by the file system, with a slow look for what it does not tell. Node built-ins only. */

import { existsSync, type FSWatcher, mkdirSync, watch } from 'node:fs';
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
  mkdir(dirname(path));
  // Some systems do not say which file it was.
  return watchAll([dirname(path)], (file) => file === null || file === name);
}

/** Watches what happens right in folders; of one that is not there, the nearest above it that is. */
export function watchFolders(folders: readonly string[]): Watched {
  const there = (path: string): string => (existsSync(path) || dirname(path) === path ? path : there(dirname(path)));
  return watchAll([...new Set(folders.map(there))], () => true);
}

function watchAll(folders: readonly string[], counts: (file: string | null) => boolean): Watched {
  let changed = false;
  let wake: (() => void) | null = null;
  const notice = () => {
    changed = true;
    wake?.();
  };
  const watchers = new Set<FSWatcher>();
  for (const folder of folders) {
    const watcher = open(folder, (_event, file) => {
      if (counts(file)) notice();
    });
    if (!watcher) continue;
    watchers.add(watcher);
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(watcher);
      notice();
    });
  }
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
        const timer = setTimeout(done, watchers.size === folders.length ? ms : Math.min(ms, BLIND_MS));
        signal?.addEventListener('abort', done);
        wake = done;
      }),
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

function mkdir(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    // Without it there is nothing to watch.
  }
}

function open(folder: string, listener: (event: string, file: string | null) => void): FSWatcher | null {
  try {
    return watch(folder, listener);
  } catch {
    return null;
  }
}

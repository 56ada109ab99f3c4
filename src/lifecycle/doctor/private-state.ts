/** What lies in `.git/git-session`: locks of dead processes, errors that hooks kept to themselves, the cache's size. */

import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { count, oneLine, size } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { readErrors } from '../../store/hook-errors.ts';
import { deadLocks, tryLock } from '../../store/lock.ts';
import { privatePaths } from '../../store/paths.ts';
import type { Finding, Probe } from './finding.ts';

/** So many errors of hooks are told. */
const SHOWN = 3;

export const privateState: Probe = {
  name: 'state',
  look: async ({ repo }) => {
    const { cache } = privatePaths(repo.commonDir);
    return [
      ...locks(repo),
      ...errors(repo),
      { health: 'ok', what: `The cache takes ${size(folderSize(cache))}, and can be deleted at any time` },
    ];
  },
};

function locks({ commonDir }: Repo): Finding[] {
  return deadLocks(commonDir).map((name) => ({
    health: 'warn',
    what: `The lock "${oneLine(name, 60)}" is held by a process that is dead`,
    why: 'Whoever needs it next takes it over.',
    mend: () => {
      const lock = tryLock(commonDir, name);
      lock?.release();
      return lock ? `Released the lock "${oneLine(name, 60)}".` : `The lock "${oneLine(name, 60)}" is in use again.`;
    },
  }));
}

function errors({ commonDir }: Repo): Finding[] {
  const kept = readErrors(commonDir);
  if (kept.length === 0) return [];
  const last = kept.slice(-SHOWN).map(({ at, where, error }) => `${at} ${where}: ${error.split('\n')[0]}`);
  const { errors: path } = privatePaths(commonDir);
  return [
    {
      health: 'warn',
      what: `Hooks met ${count(kept.length, 'error')} and let the work go on`,
      why: last.map((line) => oneLine(line, 300)).join('\n'),
      next: `Look at ${path}; git session doctor --fix puts it aside`,
      mend: () => {
        renameSync(path, `${path}.seen`);
        return `Put the errors aside, in ${path}.seen.`;
      },
    },
  ];
}

/** Bytes of the files below a folder; 0 where there is none. */
function folderSize(folder: string): number {
  let total = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) total += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return total;
}

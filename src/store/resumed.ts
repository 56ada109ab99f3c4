/** Notes that `post-checkout` leaves when a session's branch is checked out: one file each, `<old> <new>`, its time the file's. Node built-ins only. */

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';

export interface ResumedNote {
  /** Path of the note. */
  file: string;
  /** When, in milliseconds since the epoch. */
  ms: number;
  /** The commit that was checked out before; null where there was none. */
  from: string | null;
  /** The commit that is checked out since. */
  to: string;
}

/** A session's notes, oldest first. What is no note of ours is left out. */
export function resumedNotes(commonDir: string, id: string): ResumedNote[] {
  const dir = privatePaths(commonDir).resumed;
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    return [];
  }
  const notes = names
    .filter((name) => name.startsWith(`${id}.`))
    .flatMap((name) => {
      const file = join(dir, name);
      const stat = statSync(file, { throwIfNoEntry: false });
      const said = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64})\n$/.exec(readOrNull(file) ?? '');
      if (!stat || !said) return [];
      const [, old = '', to = ''] = said;
      return [{ file, ms: Math.trunc(stat.mtimeMs), from: /^0+$/.test(old) ? null : old, to }];
    });
  return notes.sort((a, b) => a.ms - b.ms);
}

/** Takes notes away once they are records. */
export function dropNotes(notes: readonly ResumedNote[]): void {
  for (const { file } of notes) rmSync(file, { force: true });
}

/** What a new record of memory comes after, so that it is not lost to a clock that is ahead of this machine's. Hot path: no npm package, no process. */

import { type HybridTime, laterOf } from '../../core/log/clock.ts';
import { newestIn } from '../../store/journal.ts';
import { type Here, logFilesOnDisk, otherWriters } from '../session/here.ts';

/**
 * The newest time in the session's log that the journal does not tell of, or that of what is replaced (`replaced`: its time, ISO) where that is later;
 * null where there is neither. Where the session is checked out, its files say it; else git is asked.
 */
export function timeBefore(here: Here, replaced?: string): HybridTime | null {
  let newest = here.checkedOut ? newestOnDisk(here) : newestAtTip(here);
  // Its counter is not told here: a millisecond later is after it in any case.
  if (replaced !== undefined) newest = laterOf(newest, { ms: Date.parse(replaced) + 1, n: 0 });
  return newest;
}

function newestOnDisk(here: Here): HybridTime | null {
  let newest: HybridTime | null = null;
  for (const path of logFilesOnDisk(here)) {
    const time = newestIn(path);
    if (time) newest = laterOf(newest, time);
  }
  return newest;
}

function newestAtTip(here: Here): HybridTime | null {
  let newest: HybridTime | null = null;
  for (const { at, n = 0 } of otherWriters(here)) newest = laterOf(newest, { ms: Date.parse(at), n });
  return newest;
}

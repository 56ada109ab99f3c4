/** What a new record of memory comes after, so that it is not lost to a clock that is ahead of this machine's. Hot path: no npm package, no process. */

import { readdirSync } from 'node:fs';
import { type HybridTime, laterOf } from '../../core/log/clock.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { coveredWriter, newestIn } from '../../store/journal.ts';
import { type Here, otherWriters } from '../session/here.ts';

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

function newestOnDisk({ place, id }: Here): HybridTime | null {
  const { log } = sessionPaths(id);
  const mine = coveredWriter(place.commonDir, id);
  let newest: HybridTime | null = null;
  for (const name of namesIn(`${place.top}/${log}`)) {
    const file = parseLogPath(id, `${log}/${name}`);
    const time = file && file.writer !== mine ? newestIn(`${place.top}/${log}/${name}`) : null;
    if (time) newest = laterOf(newest, time);
  }
  return newest;
}

function newestAtTip(here: Here): HybridTime | null {
  let newest: HybridTime | null = null;
  for (const { at, n = 0 } of otherWriters(here)) newest = laterOf(newest, { ms: Date.parse(at), n });
  return newest;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

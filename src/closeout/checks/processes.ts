/** Ending processes that a check started, and only those. */

import { readdirSync, readFileSync } from 'node:fs';

/** Signals a process group; fine where it is gone. */
export function endGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Ended already.
  }
}

/**
 * Ends processes that left the group (setsid, double fork): on Linux those whose environment names the run's own
 * folder for temporary files, which no other process has. Elsewhere the group is all that can be seen.
 */
export function endStragglers(tmp: string): void {
  if (process.platform !== 'linux' || tmp === '') return;
  // A process may fork while the list is read: look again until none is left, within reason.
  for (let round = 0; round < 5 && endMarked(`TMPDIR=${tmp}`) > 0; round++);
}

function endMarked(mark: string): number {
  let ended = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(mark)) continue;
      process.kill(Number(name), 'SIGKILL');
      ended++;
    } catch {
      // Not ours to read, or gone.
    }
  }
  return ended;
}

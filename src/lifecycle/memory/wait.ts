/** Waiting until another agent has stored a key: for `memory get --wait` and the MCP server. Hot path: no npm package for keys of session scope. */

import type { AnyRecord } from '../../core/log/record.ts';
import type { MemoryPlace } from '../../core/memory/key.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import { memoryLines } from '../../core/memory/scan.ts';
import { refStamp } from '../../git/ref-stamp.ts';
import { readJournalFrom } from '../../store/journal.ts';
import { privatePaths } from '../../store/paths.ts';
import { watchFile } from '../../store/watch.ts';
import { type Here, otherWriters } from '../session/here.ts';
import { approvedAt, isAt } from './lookup.ts';

/** How often a waiting reader looks without being told: at what other clones brought in, and for events that were lost. */
const LOOK_MS = 1000;

/**
 * What the session sees under this key as soon as it is there, or null after `ms` milliseconds or when the signal aborts. The journal is
 * watched, and only what it has gained is read; git is asked again only where the session's branch may have moved.
 */
export async function waitFor(here: Here, place: MemoryPlace, ms: number, signal?: AbortSignal): Promise<MemoryEntry | null> {
  const until = Date.now() + ms;
  // Watched before the first look: what is stored in between is then told.
  const journal = watchFile(privatePaths(here.place.commonDir).journal(here.id));
  try {
    const seen = approvedAt(here, place);
    const add = (records: readonly AnyRecord[]) => seen.add(memoryLines(records.filter((record) => isAt(record, place))));
    let stamp: string | null = null;
    let offset = 0;
    for (;;) {
      const { parsed, next } = readJournalFrom(here.place.commonDir, here.id, offset);
      add(parsed.records);
      offset = next;
      const now = refStamp(here.place.commonDir, here.tip);
      if (now !== stamp) add(otherWriters(here));
      stamp = now;
      const entry = await seen.get(place);
      const left = until - Date.now();
      if (entry || left <= 0 || signal?.aborted) return entry;
      await journal.next(Math.min(LOOK_MS, left), signal);
    }
  } finally {
    journal.close();
  }
}

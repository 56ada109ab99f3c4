/** Reading values that are too large for a line of the log. Hot path: no npm package, and no process where this clone wrote the value. */

import { stateError } from '../../core/errors.ts';
import { fullKey } from '../../core/memory/key.ts';
import { valuePath, withValue } from '../../core/memory/large-value.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import { oneLine } from '../../core/text/text.ts';
import { readObjects } from '../../git/lean.ts';
import type { Located } from '../../git/locate.ts';
import { checkedValue, keptValue } from '../../store/values.ts';

/**
 * The entries with their values: one too large for a line is read from this clone's private copy, else from the log at a commit. Only what has the
 * digest that the record names counts; where there is none the entry stays without (`blob` is set).
 */
export function fillValues(place: Located, treeish: string, entries: readonly MemoryEntry[]): MemoryEntry[] {
  const kept = entries.map((entry) => (entry.blob ? withValue(entry, keptValue(place.commonDir, entry.session, entry.blob)) : entry));
  const open = kept.flatMap(({ blob, session }) => (blob ? [{ blob, name: `${treeish}:${valuePath(session, blob.sha256)}` }] : []));
  if (open.length === 0) return kept;
  const objects = readObjects(
    place,
    open.map(({ name }) => name),
  );
  const texts = open.map(({ blob }, n) => checkedValue(blob, objects?.[n]?.body.toString('utf8') ?? null)).values();
  return kept.map((entry) => (entry.blob ? withValue(entry, texts.next().value ?? null) : entry));
}

/** The error (exit 1) for a value whose file is nowhere, or is not what its record says. */
export function valueMissing(entry: MemoryEntry) {
  return stateError({
    what: `The value of ${oneLine(fullKey(entry), 200)} is missing.`,
    why: `${entry.by.name} stored ${entry.blob?.bytes} bytes in ${session(entry)}, but neither this clone nor the commit has them as they were stored.`,
    next: 'Fetch the session from where it was stored, or store the key anew, or delete it.',
  });
}

const session = (entry: MemoryEntry) => valuePath(entry.session, entry.blob?.sha256 ?? '');

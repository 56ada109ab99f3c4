/** Memory kept ready while records keep coming: what `foldMemory` would hold, without folding everything again for one more record. Pure. */

import { compareRecords } from './clock.ts';
import { claimsLine, keptOf, liveLine, type MemoryLine } from './memory-scan.ts';

interface Place {
  /** Every record of this place, in the one order. */
  lines: MemoryLine[];
  winner: MemoryLine | undefined;
}

export class MemoryIndex {
  readonly #byId = new Map<string, MemoryLine>();
  readonly #namespaces = new Map<string, Map<string, Place>>();
  /** Places whose order or winner has to be found anew. */
  readonly #stale = new Set<Place>();

  /** Takes records of memory in any order; one that it has already changes nothing. */
  add(lines: Iterable<MemoryLine>): void {
    for (const line of lines) {
      const before = this.#byId.get(line.id);
      // Two records may claim one id: all readers keep the same one.
      if (before !== undefined && keptOf(before, line) === before) continue;
      if (before !== undefined) this.#take(before);
      this.#put(line);
    }
    for (const place of this.#stale) {
      place.lines.sort(compareRecords);
      place.winner = undefined;
      for (const line of place.lines) if (!claimsLine(line, place.winner)) place.winner = line;
    }
    this.#stale.clear();
  }

  /** What is at the place at `now` (milliseconds since the epoch), or null. */
  get(namespace: string, key: string, now: number): MemoryLine | null {
    const winner = this.#namespaces.get(namespace)?.get(key)?.winner;
    return winner && liveLine(winner, now) ? winner : null;
  }

  /** Everything that is there at `now`, in no order. */
  live(now: number): MemoryLine[] {
    const lines: MemoryLine[] = [];
    for (const places of this.#namespaces.values())
      for (const { winner } of places.values()) if (winner && liveLine(winner, now)) lines.push(winner);
    return lines;
  }

  #put(line: MemoryLine): void {
    this.#byId.set(line.id, line);
    const place = this.#placeOf(line);
    const last = place.lines.at(-1);
    place.lines.push(line);
    // Older than what is known: whoever claimed the place after it may have found it taken.
    if (last !== undefined && compareRecords(last, line) > 0) this.#stale.add(place);
    else if (!claimsLine(line, place.winner)) place.winner = line;
  }

  #take(line: MemoryLine): void {
    const place = this.#placeOf(line);
    place.lines = place.lines.filter((other) => other !== line);
    this.#stale.add(place);
  }

  #placeOf({ namespace, key }: MemoryLine): Place {
    const places = this.#namespaces.get(namespace) ?? new Map<string, Place>();
    this.#namespaces.set(namespace, places);
    const place = places.get(key) ?? { lines: [], winner: undefined };
    places.set(key, place);
    return place;
  }
}

/**
 * Memory found, before it is proven: every line that may count, by place. Which of them count depends on who approved their sessions, and
 * that is asked of few: what is there is told place by place, as soon as enough is known. Pure.
 */

import { compareRecords } from '../log/clock.ts';
import { claimsLine, isClaim, keptOf, liveLine, type MemoryLine } from './scan.ts';

/** Whether a session's lines count: true for the reader's own and for approved ones, false where nobody approved them, undefined while it is not proven. */
export type Standing = (session: string) => boolean | undefined;

/** Where every line counts. */
export const ALL: Standing = () => true;

/** What is at a place, or the sessions that have to be proven before that can be told. */
export type Told = { line: MemoryLine | null } | { prove: string[] };

export class MemoryIndex {
  readonly #byId = new Map<string, MemoryLine>();
  /** Every line of a place, in the one order; where there is one alone, as in most of them, that. */
  readonly #namespaces = new Map<string, Map<string, MemoryLine | MemoryLine[]>>();

  /** Takes records of memory in any order; one that it has already changes nothing. */
  add(lines: Iterable<MemoryLine>): void {
    const stale = new Set<MemoryLine[]>();
    for (const line of lines) {
      const holder = this.#byId.get(line.id);
      // One session cannot take an id from another, of which it is not known yet whether it counts.
      const name = holder === undefined || holder.session === line.session ? line.id : `${line.session} ${line.id}`;
      const before = name === line.id ? holder : this.#byId.get(name);
      // Two records may claim one id: all readers keep the same one.
      if (before !== undefined && keptOf(before, line) === before) continue;
      if (before !== undefined) this.#take(before);
      this.#byId.set(name, line);
      const places = this.#placesOf(line.namespace);
      const held = places.get(line.key);
      if (held === undefined) {
        places.set(line.key, line);
        continue;
      }
      const place = Array.isArray(held) ? held : [held];
      if (place !== held) places.set(line.key, place);
      const last = place.at(-1);
      place.push(line);
      if (last !== undefined && compareRecords(last, line) > 0) stale.add(place);
    }
    for (const place of stale) place.sort(compareRecords);
  }

  /** What is at the place at `now` (milliseconds since the epoch), or whom to ask: the sessions of its newest `depth` lines that are not proven. */
  tell({ namespace, key }: Pick<MemoryLine, 'namespace' | 'key'>, standing: Standing, now: number, depth = 1): Told {
    const lines = this.#linesAt(namespace, key).filter((line) => standing(line.session) !== false);
    const winner = winnerOf(lines);
    if (winner === undefined) return { line: null };
    const open = (some: readonly MemoryLine[]) => [
      ...new Set(some.flatMap((line) => (standing(line.session) === undefined ? [line.session] : []))),
    ];
    // A claim counts by what was there before it: then every line matters.
    const claimed = lines.some(isClaim) ? open(lines) : [];
    if (claimed.length > 0) return { prove: claimed };
    if (standing(winner.session) === undefined) return { prove: open([winner, ...lines.slice(-depth)]) };
    return { line: liveLine(winner, now) ? winner : null };
  }

  /** Whether it has to be proven first that the line is what its place holds. */
  isOpen(line: MemoryLine, standing: Standing, now: number): boolean {
    if (standing(line.session) === undefined) return true;
    const alone = !Array.isArray(this.#namespaces.get(line.namespace)?.get(line.key));
    return !alone && 'prove' in this.tell(line, standing, now);
  }

  /** Every line that may be what a place holds at `now`, in no order: more than one only where the newest are not proven. */
  candidates(standing: Standing, now: number): MemoryLine[] {
    const found: MemoryLine[] = [];
    for (const places of this.#namespaces.values()) {
      for (const held of places.values()) {
        if (Array.isArray(held)) {
          for (const line of mayWin(held, standing)) if (liveLine(line, now)) found.push(line);
        } else if (standing(held.session) !== false && liveLine(held, now)) {
          found.push(held);
        }
      }
    }
    return found;
  }

  #take(line: MemoryLine): void {
    const lines = this.#linesAt(line.namespace, line.key);
    lines.splice(lines.indexOf(line), 1);
    if (lines.length === 0) this.#placesOf(line.namespace).delete(line.key);
  }

  #linesAt(namespace: string, key: string): MemoryLine[] {
    const held = this.#namespaces.get(namespace)?.get(key) ?? [];
    return Array.isArray(held) ? held : [held];
  }

  #placesOf(namespace: string): Map<string, MemoryLine | MemoryLine[]> {
    const places = this.#namespaces.get(namespace) ?? new Map<string, MemoryLine | MemoryLine[]>();
    if (places.size === 0) this.#namespaces.set(namespace, places);
    return places;
  }
}

/** The line that decides, of lines in order. */
function winnerOf(lines: readonly MemoryLine[]): MemoryLine | undefined {
  let winner: MemoryLine | undefined;
  for (const line of lines) if (!claimsLine(line, winner)) winner = line;
  return winner;
}

/** Of lines in order those that may decide: what is not proven hides nothing. */
function mayWin(lines: readonly MemoryLine[], standing: Standing): MemoryLine[] {
  const open = lines.filter((line) => standing(line.session) !== false);
  const winner = winnerOf(open);
  if (open.every((line) => standing(line.session))) return winner ? [winner] : [];
  const surest = open.findLastIndex((line) => standing(line.session) && !isClaim(line));
  return open.slice(Math.max(0, surest));
}

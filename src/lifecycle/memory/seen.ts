/**
 * What a session sees of memory, or a commit holds, told without asking who approved all of it: found first, and then proven as far as it is
 * shown. Hot path: no npm package where the quick proof says yes.
 */

import { explain, type Match } from '../../core/memory/explain.ts';
import { MemoryIndex, type Standing } from '../../core/memory/index.ts';
import { type MemoryPlace, scopeOf } from '../../core/memory/key.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import {
  compareLines,
  entryOfLine,
  lineWithValue,
  type MemoryLine,
  scanMemory,
  searchFieldsOf,
  searchTextOf,
} from '../../core/memory/scan.ts';
import { rankBest } from '../../core/memory/search.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Located } from '../../git/locate.ts';
import { type ProveOptions, Prover } from './prover.ts';
import { fillValues } from './values.ts';

export interface SeenFrom extends Pick<ProveOptions, 'known'> {
  place: Located;
  /** Where landed logs, and values too large for a line, are looked for. */
  treeish: string;
  policy: Policy;
  /** The session that sees, whose lines need no proof, and these lines; null: none, approved project memory alone is seen. */
  own: { id: SessionId; lines: Iterable<MemoryLine> } | null;
  /** Where one key alone will be asked for. */
  only?: MemoryPlace;
}

export interface MemoryQuery {
  /** Lower-case words; see `termsOf`. None: everything, by namespace and key. */
  terms: readonly string[];
  keep(place: MemoryPlace): boolean;
  /** At most so many entries. */
  limit: number;
}

export interface MemoryFound {
  /** How many fit; null where more were found, of which nobody asked who approved them. */
  total: number | null;
  /** How many these are. */
  unchecked: number;
  /** The best of them, best first; the score is null without words. */
  hits: { entry: MemoryEntry; score: number | null; matches: Match[] }[];
}

export class SeenMemory {
  readonly #from: SeenFrom;
  readonly #own: MemoryLine[] = [];
  /** Values too large for a line that were read once. */
  readonly #read = new WeakMap<MemoryLine, MemoryLine>();
  readonly prover: Prover;
  #index = new MemoryIndex();
  #version = 0;

  constructor(from: SeenFrom) {
    this.#from = from;
    const { place, treeish, own, known } = from;
    const options = { ...(known ? { known } : {}), ...(own ? { except: own.id } : {}) };
    this.prover = new Prover(place, treeish, options);
    this.#fill();
    if (own) this.add(own.lines);
  }

  /** Takes more lines of the session's own. */
  add(lines: Iterable<MemoryLine>): void {
    const added = [...lines];
    for (const line of added) this.#own.push(line);
    this.#index.add(added);
  }

  /** What is at the place, or null. A large value whose file is missing is left out (`blob` is set). */
  async get(at: MemoryPlace): Promise<MemoryEntry | null> {
    const line = await this.#settle(at);
    return line ? (fillValues(this.#from.place, this.#treeish, [entryOfLine(line)])[0] ?? null) : null;
  }

  /** What fits, best first. */
  async search({ terms, keep, limit }: MemoryQuery): Promise<MemoryFound> {
    for (let depth = 1; ; depth *= 4) {
      const now = Date.now();
      const index = this.#current();
      const lines = this.#withValues(index.candidates(this.#standing, now).filter(keep));
      const { hits, rest, typos } = ranked(lines, terms, limit);
      // Where the first look found what nobody approved, the next asks of more at once.
      const near = [...hits.map(({ item }) => item), ...rest.slice(0, limit * (depth - 1))];
      for (;;) {
        const open = near.flatMap((line) => this.#openAt(line, now, depth));
        if (open.length === 0) break;
        await this.prover.prove(open);
      }
      const told = hits.map(({ item }) => index.tell(item, this.#standing, now));
      const stands = told.every((one, i) => 'line' in one && one.line?.id === hits[i]?.item.id);
      if (index !== this.#current() || !stands) continue;
      const unchecked = rest.filter((line) => index.isOpen(line, this.#standing, now)).length;
      return {
        total: unchecked === 0 ? hits.length + rest.length : null,
        unchecked,
        hits: hits.map(({ item, score }) => {
          const entry = entryOfLine(item);
          return { entry, score, matches: score === null ? [] : explain(searchFieldsOf(entry), terms, typos) };
        }),
      };
    }
  }

  readonly #standing: Standing = (session) => (session === this.#from.own?.id ? true : this.prover.standing(session));

  get #treeish(): string {
    return this.#isOwnAlone ? this.#from.treeish : this.prover.commit;
  }

  #openAt(at: MemoryPlace, now: number, depth: number): string[] {
    const told = this.#current().tell(at, this.#standing, now, depth);
    return 'prove' in told ? told.prove : [];
  }

  async #settle(at: MemoryPlace): Promise<MemoryLine | null> {
    for (let depth = 1; ; depth *= 4) {
      const told = this.#current().tell(at, this.#standing, Date.now(), depth);
      if ('line' in told) return told.line;
      await this.prover.prove(told.prove);
    }
  }

  /** What was found, found again where it turned out to be wrong. */
  #current(): MemoryIndex {
    if (this.#version !== this.prover.version) {
      this.#index = new MemoryIndex();
      this.#fill();
      this.#index.add(this.#own);
    }
    return this.#index;
  }

  /** Where nothing of others can be at the one place that is asked for. */
  get #isOwnAlone(): boolean {
    const { only, policy } = this.#from;
    return only !== undefined && scopeOf(only.namespace, policy) === 'session';
  }

  #fill(): void {
    this.#version = this.prover.version;
    const { policy, only } = this.#from;
    if (this.#isOwnAlone) return;
    const scopes = new Map<string, boolean>();
    const counts = ({ namespace }: MemoryLine): boolean => {
      const known = scopes.get(namespace) ?? scopeOf(namespace, policy) === 'project';
      scopes.set(namespace, known);
      return known;
    };
    for (const { id, text } of this.prover.parts(only && [JSON.stringify(only.key)])) {
      const lines = scanMemory(text, id);
      this.#index.add(lines.filter((line) => counts(line) && (!only || isAt(line, only))));
    }
  }

  /** The lines with those values in them that have files of their own. */
  #withValues(lines: MemoryLine[]): MemoryLine[] {
    const large = lines.flatMap((line, n) => {
      if (line.plain !== null || this.#read.has(line)) return [];
      const entry = entryOfLine(line);
      return entry.blob ? [{ n, entry }] : [];
    });
    const filled = fillValues(
      this.#from.place,
      this.#treeish,
      large.map(({ entry }) => entry),
    );
    for (const [i, { n }] of large.entries()) {
      const [line, entry] = [lines[n] as MemoryLine, filled[i]];
      if (entry && !entry.blob) this.#read.set(line, lineWithValue(line, entry.value));
    }
    return lines.map((line) => this.#read.get(line) ?? line);
  }
}

const isAt = (line: MemoryLine, { namespace, key }: MemoryPlace) => line.namespace === namespace && line.key === key;

/** The best `limit` of the lines that hold one of the terms, and the rest of these; without terms all, by namespace and key. */
function ranked(lines: MemoryLine[], terms: readonly string[], limit: number) {
  if (terms.length > 0) return rankBest(lines, terms, searchTextOf, { limit, tie: compareLines });
  const sorted = lines.sort(compareLines);
  const hits = sorted.slice(0, limit).map((item) => ({ item, score: null }));
  return { hits, rest: sorted.slice(limit), typos: new Set<string>() };
}

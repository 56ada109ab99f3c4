/** Patterns of other sessions: found by what they say, then proven as far as they are offered. Hot path: no npm package where the quick proof says yes. */

import { parseTagMessage } from '../../core/closeout/manifest-text.ts';
import type { FitIndex } from '../../core/fit/fit-index.ts';
import { parseLog } from '../../core/log/log.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import { MemoryIndex } from '../../core/memory/index.ts';
import { isPattern, isProjectMemory } from '../../core/memory/key.ts';
import { memoryLines } from '../../core/memory/scan.ts';
import { OUTCOME_KINDS } from '../../core/pattern/outcome.ts';
import { bestFitting } from '../../core/pattern/rank.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { readObjects } from '../../git/lean.ts';
import type { Located } from '../../git/locate.ts';
import type { OfferedPattern } from '../../store/offer-cache.ts';
import type { Prover } from '../memory/prover.ts';
import { type Ended, type KnownPattern, knownPatterns, offeredPattern } from './known.ts';

const KINDS: readonly string[] = OUTCOME_KINDS;
const NAMING = ['"pattern/', ...KINDS.map((kind) => `"${kind}"`)];
/** A line that names no pattern. */
const NAMELESS = /"(?:closeout|session)\.\w+"/;

export interface FitQuery {
  words: string;
  limit: number;
  /** The index of these patterns. */
  index(patterns: readonly KnownPattern[]): FitIndex;
  /** Records of who asks, which count as they are. */
  own?: readonly AnyRecord[];
  /** False for what must not be offered. */
  may?(pattern: OfferedPattern): boolean;
}

/** The records of a session's lines that patterns and their outcomes rest on; with `names` of patterns of these ids and keys alone. */
export function patternRecords(id: SessionId, text: string, policy: Pick<Policy, 'memory'>, names?: readonly string[]): AnyRecord[] {
  const words = names?.map((name) => JSON.stringify(name));
  const named = (line: string) => !words || NAMELESS.test(line) || words.some((word) => line.includes(word));
  const lines = text.split('\n').filter((line) => NAMING.some((name) => line.includes(name)) && named(line));
  const asks = (record: AnyRecord) =>
    KINDS.includes(record.kind) || (isProjectMemory(record, policy) && 'namespace' in record.data && isPattern(record.data));
  return parseLog(lines.map((line) => `${line}\n`).join('')).records.filter((record) => record.session === id && asks(record));
}

export class FoundPatterns {
  readonly #place: Located;
  readonly #prover: Prover;
  readonly #policy: Policy;
  #records = new Map<SessionId, AnyRecord[]>();
  #ends = new Map<SessionId, Ended>();
  #version = -1;

  constructor(place: Located, prover: Prover, policy: Policy) {
    this.#place = place;
    this.#prover = prover;
    this.#policy = policy;
  }

  /** Those that fit, best first, each proven with the sessions that its figures rest on; none where nothing fits. */
  async best({ words, limit, index, own = [], may }: FitQuery): Promise<OfferedPattern[]> {
    for (let among = limit; ; among *= 4) {
      const patterns = await this.all(own);
      const offered = patterns.map(offeredPattern);
      const picks = bestFitting(words, (at) => offered[at], index(patterns), { limit: among, now: Date.now(), ...(may ? { may } : {}) });
      const first = picks.slice(0, limit);
      if (this.#open(first).length === 0) return first;
      // Where the first look found what nobody approved, the next asks of more at once.
      await this.#prover.prove(this.#open(among === limit ? first : picks));
    }
  }

  /** All that somebody approved, or of whom nobody asked: nothing of these may be shown. Which version of a pattern counts is proven. */
  async all(own: readonly AnyRecord[] = []): Promise<KnownPattern[]> {
    for (let depth = 1; ; depth *= 4) {
      const records = this.#find();
      const open = this.#contested(records, depth);
      if (open.length === 0)
        return knownPatterns(
          [...this.#ends.values()].map((end) => this.#prover.log(end.id) ?? end),
          records,
          own,
        );
      await this.#prover.prove(open);
    }
  }

  #open(patterns: readonly OfferedPattern[]): string[] {
    const sessions = new Set(patterns.flatMap(({ session, counted }) => [session, ...counted]));
    return [...sessions].filter((id) => this.#records.has(id as SessionId) && this.#prover.standing(id) === undefined);
  }

  /** What is found, without those of whom it is known that nobody approved them. */
  #find(): AnyRecord[] {
    if (this.#version !== this.#prover.version) {
      this.#version = this.#prover.version;
      this.#records = new Map(this.#prover.parts(NAMING).map(({ id, text }) => [id, patternRecords(id, text, this.#policy)]));
      const ids = [...this.#records.keys()];
      const tags = readObjects(
        this.#place,
        ids.map((id) => `refs/tags/backup/${id}`),
      );
      this.#ends = new Map(ids.map((id, i) => [id, endOf(id, tags?.[i]?.body.toString('utf8') ?? '')]));
    }
    return [...this.#records].flatMap(([id, records]) => (this.#prover.standing(id) === false ? [] : records));
  }

  /** The sessions to be asked of before it can be told which version of a pattern counts. */
  #contested(records: readonly AnyRecord[], depth: number): string[] {
    const lines = memoryLines(records);
    const index = new MemoryIndex();
    index.add(lines);
    const [places, ids] = [new Map<string, string>(), new Map<string, string>()];
    const open = new Set<string>();
    for (const line of lines) {
      const holder = ids.get(line.id) ?? line.session;
      ids.set(line.id, holder);
      // One session cannot take an id from another.
      if (holder !== line.session) for (const id of [holder, line.session]) if (this.#prover.standing(id) === undefined) open.add(id);
      const first = places.get(line.key) ?? line.session;
      places.set(line.key, first);
      if (first === line.session) continue;
      const told = index.tell(line, this.#prover.standing, Date.now(), depth);
      if ('prove' in told) for (const id of told.prove) open.add(id);
    }
    return [...open];
  }
}

/** How a session ended, as its tag says: a finding, too. */
function endOf(id: SessionId, tag: string): Ended {
  const manifest = parseTagMessage(tag.slice(tag.indexOf('\n\n') + 2))?.manifest ?? null;
  return { id, tag: null, manifest };
}

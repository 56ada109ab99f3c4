/** The memory of a checkout for a process that lives on: what the MCP server and the library read and write. */

import { type ErrorText, stateError, usageError } from '../../core/errors.ts';
import type { SessionRecord } from '../../core/log/record.ts';
import { type MemoryPlace, placeOf, scopeOf } from '../../core/memory/key.ts';
import { placeMatcher } from '../../core/memory/like.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import { termsOf } from '../../core/memory/search-words.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import type { OfferedPattern } from '../../store/offer-cache.ts';
import { bankRecords } from '../patterns/bank.ts';
import { FoundPatterns } from '../patterns/found.ts';
import { livePatternIndex } from '../patterns/index.ts';
import { type Here, sessionHereOrNull } from '../session/here.ts';
import { sessionRecords } from '../session/records.ts';
import { MemoryFollower, type MemoryNow } from './follow.ts';
import type { MemoryFound, SeenMemory } from './seen.ts';
import { deleteMemory, type Look, type MemoryDraft, storeMemory } from './store.ts';
import { valueMissing } from './values.ts';
import { waitFor } from './wait.ts';

/** A key as a caller gives it, and the namespace that was named, if one was. */
export interface KeyGiven {
  key: string;
  namespace?: string | undefined;
}

export interface SearchGiven {
  /** Words; none: everything that the rest selects, by namespace and key. */
  query?: string | undefined;
  /** Keys like this, as in SQL. */
  pattern?: string | undefined;
  namespace?: string | undefined;
  limit: number;
}

/** What was read, and in which session; null: outside one, where approved project memory alone is seen. */
export type Seen<T> = T & { session: SessionId | null };

export class LiveMemory {
  readonly #cwd: string;
  readonly #follower: MemoryFollower;
  readonly #outside: ErrorText;
  #patterns: { seen: SeenMemory; found: FoundPatterns } | null = null;

  /** `outside`: what a writer is told where no session is checked out. */
  constructor(cwd: string, outside: ErrorText) {
    this.#cwd = cwd;
    this.#follower = new MemoryFollower(cwd);
    this.#outside = outside;
  }

  /** Reads what there is. Throws (exit 1) outside a repository. */
  async look(): Promise<void> {
    await this.#follower.now();
  }

  /** What is under the key, or null; in a session with `waitMs` as soon as it is there, until the signal aborts. */
  async retrieve(given: KeyGiven, waitMs = 0, signal?: AbortSignal): Promise<Seen<{ place: MemoryPlace; entry: MemoryEntry | null }>> {
    const now = await this.#follower.now();
    const place = placeOf(given.key, given.namespace, policyOf(now));
    // Outside a session nobody writes: there is nothing to wait for.
    const entry = (await now.seen.get(place)) ?? (waitMs > 0 && now.here ? await waitFor(now.here, place, waitMs, signal) : null);
    if (entry?.blob) throw valueMissing(entry);
    return { session: now.here?.id ?? null, place, entry };
  }

  /** Stores; see `storeMemory`. Throws (exit 1) outside a session. */
  async store(given: KeyGiven, draft: Omit<MemoryDraft, 'place'>): Promise<{ place: MemoryPlace; record: SessionRecord }> {
    const here = await this.session();
    const place = placeOf(given.key, given.namespace, here.policy);
    return { place, record: await storeMemory(here, { ...draft, place }, this.#lookIn(here)) };
  }

  /** Deletes; see `deleteMemory`. `elsewhere`: other sessions see it until this one has landed. */
  async delete(given: KeyGiven, actor: MemoryDraft['actor']): Promise<{ place: MemoryPlace; record: SessionRecord; elsewhere: boolean }> {
    const here = await this.session();
    const place = placeOf(given.key, given.namespace, here.policy);
    const { record, before } = await deleteMemory(here, place, actor, this.#lookIn(here));
    return { place, record, elsewhere: before.session !== here.id && scopeOf(place.namespace, here.policy) === 'project' };
  }

  /** The session that is written to, for which nothing has to be read. Throws (exit 1) outside one. */
  async session(): Promise<Here> {
    const here = await sessionHereOrNull(this.#cwd);
    if (here) return here;
    throw stateError(this.#outside);
  }

  /** The few patterns that fit a task, best first, of those that the session sees; outside a session of the approved ones. */
  async patterns(words: string, limit: number): Promise<{ here: Here | null; patterns: OfferedPattern[] }> {
    const { repo, here, tip, seen } = await this.#follower.now();
    if (this.#patterns?.seen !== seen)
      this.#patterns = { seen, found: new FoundPatterns(repo, seen.prover, here?.policy ?? compiledPolicy(repo.commonDir)) };
    const own = here ? bankRecords(repo, (await sessionRecords(repo, { id: here.id, tip })).records) : [];
    return { here, patterns: await this.#patterns.found.best({ words, limit, index: livePatternIndex, own }) };
  }

  /** A look at a key of that session as it is now, which takes a turn of its own. */
  #lookIn({ id }: Here): Look {
    return async (place) => {
      const now = await this.#follower.now();
      if (now.here?.id !== id) throw stateError(MOVED);
      return now.seen.get(place);
    };
  }

  /** What fits, best first. Throws (exit 2) where the query is not empty and holds no word: it asks for something, and not for everything. */
  async search({ query = '', pattern, namespace, limit }: SearchGiven): Promise<Seen<MemoryFound>> {
    const terms = termsOf(query);
    if (terms.length === 0 && query.trim() !== '')
      throw usageError({
        what: 'The query holds no word.',
        next: 'Give words, or leave the query out to get everything that the rest selects.',
      });
    const now = await this.#follower.now();
    const found = await now.seen.search({ terms, keep: placeMatcher(namespace, pattern), limit });
    return { session: now.here?.id ?? null, ...found };
  }
}

const MOVED: ErrorText = { what: 'Another branch was checked out meanwhile; nothing was written.', next: 'Try again.' };

const policyOf = ({ here, repo }: MemoryNow): Policy => here?.policy ?? compiledPolicy(repo.commonDir);

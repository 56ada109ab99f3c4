/**
 * The types of `import { openMemory } from 'git-session'`. This file is shipped as it stands, as dist/index.d.mts: it imports nothing, and
 * holds declarations alone.
 */

export interface OpenMemoryOptions {
  /** A folder of the checkout whose memory it is. Default: the current one. */
  cwd?: string;
  /** Who writes. Default: GIT_SESSION_AGENT, else the agent whose environment this is, else the person. */
  agent?: string;
  /** The task that what is stored belongs to. Default: GIT_SESSION_TASK. */
  task?: string;
}

/**
 * What the checkout sees of memory: the records of its session, and project memory that a person has approved; outside a session, approved
 * project memory alone. Every call sees what other processes wrote before it, and follows the branch that is checked out.
 *
 * Where something cannot be done, calls reject with a {@link SessionError}, and nothing was changed.
 */
export interface Memory {
  /** The value under the key; undefined where there is none. */
  retrieve<T = unknown>(key: string, namespace?: string, options?: RetrieveOptions): Promise<T | undefined>;
  /** Stores any JSON. When it resolves, the value is written. Rejects outside a session. */
  store(key: string, value: unknown, options?: StoreOptions): Promise<StoredEntry>;
  /** What fits, best first; without words by namespace and key. */
  search(options?: SearchOptions): Promise<FoundEntry[]>;
}

export interface RetrieveOptions {
  /** Wait for the key so many seconds. Default: 0. */
  wait?: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

export interface StoreOptions {
  /** Default: `reasoning-bank` for keys `pattern/...` and `trajectory/...`, else `coordination`. */
  namespace?: string;
  /** The key is absent after so many seconds. Default: never. */
  ttl?: number;
  /** Words that search finds it by. */
  tags?: string[];
  /** Claims the key: rejects where it is taken. */
  ifAbsent?: boolean;
}

export interface SearchOptions {
  /** Words. Left out: everything that the rest selects. */
  query?: string;
  /** Keys like this, as in SQL: `%` stands for any text, `_` for one character. */
  pattern?: string;
  namespace?: string;
  /** At most so many. Default: 50. */
  limit?: number;
}

export interface StoredEntry {
  namespace: string;
  key: string;
  /** Id of the session that holds it. */
  session: string;
  /** Id of its record. */
  record: string;
  /** ISO 8601, UTC. */
  at: string;
}

export interface FoundEntry extends StoredEntry {
  /** Text or any JSON, as it was stored. It was written by whoever `by` names: data, not instructions. */
  value: unknown;
  by: string;
  task: string | null;
  /** ISO 8601, UTC; null: never. */
  expires_at: string | null;
  tags: string[];
  /** Greater is better, within one answer; null where no words were given. */
  score: number | null;
}

/** Told by `error.name === 'SessionError'`. */
export interface SessionError extends Error {
  name: 'SessionError';
  /** `state`: the state or the input does not allow it. `usage`: the call means nothing. */
  kind: 'state' | 'usage' | 'person' | 'verification';
  why: string | undefined;
  /** What to do next. */
  next: string | undefined;
}

/** Opens the memory of a checkout. Rejects outside a git repository. */
export declare function openMemory(options?: OpenMemoryOptions): Promise<Memory>;

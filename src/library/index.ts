/** The library door: what a script gets from `import { openMemory } from 'git-session'`. */

import { usageError } from '../core/errors.ts';
import { plainTags } from '../core/memory/key.ts';
import { oneLine } from '../core/text/text.ts';
import { LiveMemory } from '../lifecycle/memory/live.ts';
import { KeyTaken } from '../lifecycle/memory/store.ts';
import { valueMissing } from '../lifecycle/memory/values.ts';
import { actorNamed, plainName } from '../lifecycle/session/actor.ts';
import type * as api from './types.ts';

export const openMemory: typeof api.openMemory = async ({ cwd = process.cwd(), agent, task } = {}) => {
  const memory = new LiveMemory(cwd, {
    what: 'No session is checked out here, so nothing can be stored.',
    why: 'Memory lives on the branch of a session, and outlives it once a person has approved it.',
    next: 'Start a session with: git session start <topic>',
  });
  const actor = actorNamed(plainName('agent', agent ?? process.env.GIT_SESSION_AGENT), process.env, cwd);
  const named = plainName('task', task ?? process.env.GIT_SESSION_TASK);
  // Outside a repository this is said now, not at the first call.
  await memory.look();
  return {
    retrieve: async <T>(key: string, namespace?: string, { wait = 0, signal }: api.RetrieveOptions = {}) =>
      own((await memory.retrieve(placeGiven(key, namespace), seconds('wait', wait), signal)).entry?.value) as T | undefined,

    store: async (key, value, { namespace, ttl, tags = [], ifAbsent = false } = {}) => {
      refuseNoJson(value);
      const ttlMs = ttl === undefined ? null : seconds('ttl', ttl, 0.001);
      if (!Array.isArray(tags) || !tags.every(isText))
        throw usageError({ what: 'tags are no list of words.', next: "Use for example: { tags: ['api'] }" });
      const draft = { value, actor, task: named, ttlMs, tags: plainTags(tags), ifAbsent };
      const { place, record } = await memory.store(placeGiven(key, namespace), draft).catch((error) => {
        throw error instanceof KeyTaken ? new KeyTaken('state', { what: error.message, why: error.why, next: TAKEN }) : error;
      });
      return { ...place, session: record.session, record: record.id, at: record.at };
    },

    search: async ({ query, pattern, namespace, limit = 50 } = {}) => {
      if (![query, pattern, namespace].every((given) => given === undefined || isText(given)))
        throw usageError({ what: 'query, pattern and namespace are text.', next: "Use for example: { query: 'refresh tokens' }" });
      if (!Number.isSafeInteger(limit) || limit < 1)
        throw usageError({ what: 'limit is no number from 1.', next: 'Use for example: { limit: 50 }' });
      const { hits } = await memory.search({ query, pattern, namespace, limit });
      return hits.map(({ entry, score }) => {
        if (entry.blob) throw valueMissing(entry);
        const { value, by, task: of, session, record, at, expires_at, tags } = entry;
        const expires = expires_at === null ? null : new Date(expires_at).toISOString();
        return {
          namespace: entry.namespace,
          key: entry.key,
          value: own(value),
          by: by.name,
          task: of,
          session,
          record,
          at,
          expires_at: expires,
          tags,
          score,
        };
      });
    },
  };
};

/** A value that the caller may change: memory keeps its own. */
const own = <T>(value: T): T => structuredClone(value);

const TAKEN = 'Read what is there with retrieve(key), and claim another key if you need one.';

const isText = (value: unknown): value is string => typeof value === 'string';

/** Who writes JavaScript is told of a mistake as who writes TypeScript is. */
function placeGiven(key: string, namespace: string | undefined) {
  if (isText(key) && (namespace === undefined || isText(namespace))) return { key, namespace };
  throw usageError({ what: 'A key and its namespace are text.', next: "Use for example: 'swarm/shared/api-contract', 'coordination'" });
}

/** Throws (exit 2) on what JSON cannot hold; what is nested too deeply for it is refused with what is stored. */
function refuseNoJson(value: unknown): void {
  let why: string | undefined;
  try {
    if (JSON.stringify(value) !== undefined) return;
  } catch (error) {
    if (error instanceof RangeError) return;
    why = oneLine(error instanceof Error ? error.message : String(error), 300);
  }
  throw usageError({ what: 'The value is no JSON.', why, next: 'Store text, or what JSON can hold.' });
}

const TEN_YEARS = 10 * 366 * 86_400;

/** A span in milliseconds. Throws (exit 2) on what is none. */
function seconds(name: string, value: number, least = 0): number {
  if (Number.isFinite(value) && value >= least && value <= TEN_YEARS) return Math.round(value * 1000);
  throw usageError({ what: `${name} is no number of seconds.`, next: `Use for example: { ${name}: 60 }` });
}

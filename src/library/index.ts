/** The library door: what a script gets from `import { openMemory } from 'git-session'`. */

import { usageError } from '../core/errors.ts';
import { plainTags } from '../core/memory/key.ts';
import { LiveMemory } from '../lifecycle/memory/live.ts';
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
      own((await memory.retrieve({ key, namespace }, seconds('wait', wait), signal)).entry?.value) as T | undefined,

    store: async (key, value, { namespace, ttl, tags = [], ifAbsent = false } = {}) => {
      if (value === undefined || JSON.stringify(value) === undefined)
        throw usageError({ what: 'The value is no JSON.', next: 'Store text, or what JSON can hold.' });
      const ttlMs = ttl === undefined ? null : seconds('ttl', ttl);
      const { place, record } = await memory.store(
        { key, namespace },
        { value, actor, task: named, ttlMs, tags: plainTags(tags), ifAbsent },
      );
      return { ...place, session: record.session, record: record.id, at: record.at };
    },

    search: async ({ query, pattern, namespace, limit = 50 }) => {
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

const TEN_YEARS = 10 * 366 * 86_400;

/** A span in milliseconds. Throws (exit 2) on what is none. */
function seconds(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0 && value <= TEN_YEARS) return Math.round(value * 1000);
  throw usageError({ what: `${name} is no number of seconds.`, next: `Use for example: { ${name}: 60 }` });
}

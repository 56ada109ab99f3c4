import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { fullKey } from '../../core/memory/key.ts';
import { textOrJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { KeyTaken } from '../../lifecycle/memory/store.ts';
import { QUOTED } from '../instructions.ts';
import { foundPart, quoted, quotedHits } from '../quoted.ts';
import { anything, type ToolCall, tool } from '../tool.ts';

const MAX_WAIT = 600;
const TEN_YEARS = 10 * 366 * 86_400;

const input = z.object({
  action: z.enum(['store', 'retrieve', 'list', 'delete', 'search']),
  key: z.string().optional().describe('A path of plain words: swarm/shared/api-contract'),
  value: z.unknown().optional().describe('store: text, or JSON (also as text)'),
  namespace: z.string().optional().describe('Default: reasoning-bank for keys pattern/... and trajectory/..., else coordination'),
  ttl: z.number().positive().max(TEN_YEARS).optional().describe('store: absent after so many seconds'),
  if_absent: z.boolean().optional().describe('store: claim the key; fails where it is taken'),
  wait: z.number().min(0).max(MAX_WAIT).optional().describe('retrieve: wait so many seconds for the key'),
  pattern: z.string().optional().describe("list, search: keys like this, as in SQL: 'pattern/%'"),
  query: z.string().optional().describe('search: words'),
  limit: z.number().int().min(1).max(1000).optional(),
  agent: z.string().optional().describe('Your name'),
  task: z.string().optional().describe('Your task'),
});

const output = z.object({
  about: z.string(),
  session: z.string().nullable().describe('null: none; approved project memory alone'),
  key: z.string().optional(),
  namespace: z.string().optional(),
  found: z.boolean().optional(),
  entry: anything.nullable().optional().describe('As in memory_search'),
  entries: z.array(anything).optional(),
  total: foundPart.total.optional(),
  unchecked: foundPart.unchecked.optional(),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;

export const memoryUsage = tool({
  name: 'memory_usage',
  description:
    'Shared memory of the session: store, retrieve (wait for it), list, delete, search. What is stored is written when this returns. ' +
    'A deletion is recorded; what the key held stays in history, and project memory of other sessions stays until a person has approved.',
  input,
  output,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  run: (args: Input, call) => ACTIONS[args.action](args, call),
});

const ACTIONS: Record<Input['action'], (args: Input, call: ToolCall) => Promise<Output>> = {
  store: async (args, call) => {
    const { value, ttl = null, namespace, if_absent: ifAbsent = false } = args;
    if (value === undefined) throw usageError({ what: 'There is no value to store.', next: 'Give value: text, or JSON.' });
    const given = { key: keyOf(args), namespace };
    const draft = {
      value: typeof value === 'string' ? textOrJson(value) : value,
      actor: call.actor(args.agent),
      task: call.task(args.task),
      ttlMs: ttl === null ? null : Math.round(ttl * 1000),
      tags: [],
      ifAbsent,
    };
    const { place, record } = await call.memory.store(given, draft).catch((error) => {
      throw error instanceof KeyTaken ? new KeyTaken('state', { what: error.message, why: error.why, next: TAKEN }) : error;
    });
    return { about: `Stored ${fullKey(place)}. Every agent of the session can read it.`, session: record.session, ...place };
  },

  retrieve: async (args, call) => {
    const { wait = 0 } = args;
    const given = { key: keyOf(args), namespace: args.namespace };
    const { session, place, entry } = await call.memory.retrieve(given, wait * 1000, call.signal);
    if (entry) return { about: QUOTED, session, found: true, entry: quoted(entry) };
    const next =
      session === null
        ? 'No session is checked out here: this is approved project memory alone.'
        : 'Where another agent is still writing it, retrieve with wait: 60. See what there is with action list.';
    return {
      about: `There is no ${oneLine(fullKey(place))}${wait > 0 ? ` after ${wait} s` : ''}. ${next}`,
      session,
      found: false,
      entry: null,
    };
  },

  list: (args, call) => find({ ...args, query: undefined }, call),

  search: (args, call) => {
    // The tools whose arguments these are took the words as key or value.
    const words =
      args.query ?? (args.pattern === undefined ? (args.key ?? (typeof args.value === 'string' ? args.value : undefined)) : undefined);
    if (words === undefined && args.pattern === undefined)
      throw usageError({ what: 'There is nothing to look for.', next: "Give query: words, or pattern: keys such as 'pattern/%'." });
    return find({ ...args, query: words }, call);
  },

  delete: async (args, call) => {
    const { place, record, elsewhere } = await call.memory.delete({ key: keyOf(args), namespace: args.namespace }, call.actor(args.agent));
    const still = elsewhere ? ' Other sessions see it until a person has approved this one.' : '';
    return { about: `Deleted ${fullKey(place)}.${still}`, session: record.session, ...place };
  },
};

async function find({ query, pattern, namespace, limit = 50 }: Input, call: ToolCall): Promise<Output> {
  const { session, total, unchecked, hits } = await call.memory.search({ query, pattern, namespace, limit });
  return { about: QUOTED, session, total, unchecked, entries: quotedHits(hits) };
}

const TAKEN = 'Read what is there with action retrieve, and claim another key if you need one.';

function keyOf({ key, action }: Input): string {
  if (key !== undefined) return key;
  throw usageError({ what: `${action} needs a key.`, next: 'Give key: a path of plain words, for example swarm/shared/api-contract.' });
}

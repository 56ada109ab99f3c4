import { z } from 'zod';
import { QUOTED } from '../instructions.ts';
import { entryPart, foundPart, quotedHits } from '../quoted.ts';
import { tool } from '../tool.ts';

export const memorySearch = tool({
  name: 'memory_search',
  description:
    'Find what the session sees of memory: its own, and what a person approved of earlier sessions. By words, best first; by keys; or both.',
  input: z.object({
    query: z.string().optional().describe('Words'),
    pattern: z.string().optional().describe("Keys like this, as in SQL: 'pattern/%'"),
    namespace: z.string().optional(),
    limit: z.number().int().min(1).max(1000).optional().describe('Default 20'),
  }),
  output: z.object({ about: z.string(), session: z.string().nullable(), ...foundPart, entries: z.array(entryPart) }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  run: async ({ query, pattern, namespace, limit = 20 }, { memory }) => {
    const { session, total, unchecked, hits } = await memory.search({ query, pattern, namespace, limit });
    return { about: QUOTED, session, total, unchecked, entries: quotedHits(hits) };
  },
});

import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { measuredText } from '../../core/pattern/outcome.ts';
import { OFFERED } from '../../core/pattern/rank.ts';
import { recordOffers } from '../../lifecycle/patterns/offer.ts';
import { QUOTED } from '../instructions.ts';
import { anything, tool } from '../tool.ts';

export const patternSearch = tool({
  name: 'pattern_search',
  description:
    'The few patterns that fit a task, best first, with what was measured of them; pitfalls among them are warnings. Nothing where nothing fits. ' +
    'The session notes what it was offered.',
  input: z.object({
    query: z.string().describe('The task, in its own words'),
    limit: z.number().int().min(1).max(20).optional().describe(`Default ${OFFERED}`),
    task: z.string().optional().describe('Your task'),
  }),
  output: z.object({ about: z.string(), session: z.string().nullable(), patterns: z.array(anything) }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  run: async ({ query, limit = OFFERED, task }, { memory, task: taskOf }) => {
    if (query.trim() === '')
      throw usageError({ what: 'There is no task to find patterns for.', next: 'Give query: the task, in its own words.' });
    const { here, patterns: found } = await memory.patterns(query, limit);
    // What this session proposes itself was not brought to it from elsewhere.
    const offered = found.filter(({ session }) => session !== here?.id);
    if (here) recordOffers(here.place.commonDir, here.id, offered, taskOf(task) ?? 'pattern_search');
    const rest = 'Retrieve one whole by its key, with memory_usage.';
    return {
      about: found.length > 0 ? `${QUOTED} ${rest}` : 'Nothing fits. memory_search finds by any word.',
      session: here?.id ?? null,
      patterns: found.map(({ id, key, title, kind, approach, lessons, session, approver, succeeded, of }) => ({
        ...{ pattern_id: id, key, title, kind, approach, lessons_learned: lessons, session },
        approved_by: approver,
        measured: measuredText({ succeeded, of }),
      })),
    };
  },
});

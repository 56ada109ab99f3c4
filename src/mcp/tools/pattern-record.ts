import { z } from 'zod';
import { plainTags } from '../../core/memory/key.ts';
import { recordPattern } from '../../lifecycle/patterns/patterns.ts';
import { patternFromValue } from '../../lifecycle/patterns/text.ts';
import { anything, tool } from '../tool.ts';

export const patternRecord = tool({
  name: 'pattern_record',
  description:
    'Record what was learned: a strategy that worked, or a pitfall. A proposal of this session until a person keeps it at the closeout; later sessions are offered it then.',
  // What else a pattern may hold is checked with the rest of it.
  input: z.looseObject({
    title: z.string().optional().describe('One line'),
    kind: z.enum(['strategy', 'pitfall']).optional(),
    approach: z.string().optional().describe('How it is done'),
    description: z.string().optional(),
    lessons_learned: z.array(z.string()).optional(),
    applies_to: z.array(z.string()).optional().describe('3 to 5 tasks that it fits, as somebody would put them: it is found by these'),
    implementation: z.unknown().optional().describe('Any JSON'),
    code_snippets: z.unknown().optional().describe('Any JSON'),
    pattern_id: z.string().optional().describe('Changes the pattern of this id'),
    key: z.string().optional().describe('pattern/<topic>/<name>'),
    tags: z.array(z.string()).optional(),
    agent: z.string().optional().describe('Your name'),
    task: z.string().optional().describe('Your task'),
  }),
  output: z.object({
    about: z.string(),
    session: z.string(),
    pattern_id: z.string(),
    key: z.string(),
    change: z.enum(['new', 'changed']),
    alike: z.array(anything).describe('Patterns that say nearly the same'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  run: async ({ key, tags, agent, task, ...fields }, { memory, actor, task: taskOf }) => {
    const draft = { fields: patternFromValue(fields), key, tags: plainTags(tags ?? []), actor: actor(agent), task: taskOf(task) };
    const { id, key: place, change, record, alike } = await recordPattern(await memory.session(), draft);
    const about = `Recorded ${place} (${change}). A person keeps or drops it at the closeout.`;
    return { about, session: record.session, pattern_id: id, key: place, change, alike: alike.map((other) => ({ ...other })) };
  },
});

/** An entry of memory in a command's facts: the same words everywhere. */

import { z } from 'zod';

const placePart = {
  namespace: z.string().describe('The namespace, which decides whether it outlives the session'),
  key: z.string().describe('The key within the namespace'),
};

const actorPart = z.strictObject({
  kind: z.enum(['person', 'agent', 'subagent', 'tool']).describe('What kind of actor'),
  name: z.string().describe('What people call it'),
  id: z.string().nullable().describe("The client's own id of the agent; null where it gave none"),
});

const originPart = z
  .strictObject({
    session: z.string().describe('The session that it was stored in first'),
    record: z.string().describe('Id of the record there'),
    at: z.string().describe('When, ISO 8601 UTC'),
    by: actorPart.describe('By whom'),
  })
  .nullable()
  .describe('Where it was imported from, as the imported file said; null where it was not');

export const memoryEntryPart = {
  ...placePart,
  value: z.json().describe('The value: text, or any JSON'),
  not_recorded: z.array(z.literal('value')).describe('`value` where the file that holds a large one is missing, and null stands for it'),
  at: z.string().describe('When it was stored, ISO 8601 UTC'),
  by: actorPart.describe('Who stored it'),
  task: z.string().nullable().describe('The task it belongs to; null where none was named'),
  session: z.string().describe('Id of the session in which it was stored'),
  record: z.string().describe('Id of the record that stored it'),
  expires_at: z.string().nullable().describe('When the key becomes absent; null: never'),
  tags: z.array(z.string()).describe('Words given with it'),
  origin: originPart,
};

const seenBy = z.string().nullable().describe('The session whose view this is; null outside one (approved project memory alone)');

export const viewPart = {
  session: seenBy,
  total: z.number().int().describe('How many entries fit, also those beyond --limit'),
};

export const foundPart = {
  session: seenBy,
  total: z
    .number()
    .int()
    .nullable()
    .describe('How many entries fit, also those beyond --limit; null where of some beyond it nobody asked who approved them'),
  unchecked: z.number().int().min(0).describe('How many these are: so many more at most are left to show'),
};

export const recordedPart = {
  ...placePart,
  session: z.string().describe('The session in which it was recorded'),
  record: z.string().describe('Id of the record'),
  at: z.string().describe('Its time, ISO 8601 UTC'),
};

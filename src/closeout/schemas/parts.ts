/** Parts that the closeout's documents share. */

import { z } from 'zod';

export const version = z.literal(1).describe('Version of this format');
export const sessionId = z
  .string()
  .regex(/^session-\d{8}-\d{6}-[a-z0-9-]+$/)
  .describe('Id of the session');
export const moment = z.iso.datetime().describe('ISO 8601, UTC');
export const minutes = z.number().min(0).nullable();
export const percent = z.number().min(0).max(100).nullable();
export const notRecorded = z.array(z.string()).describe('Places of this document whose value nobody recorded; it is null there');
export const taskStatus = z.enum(['open', 'completed', 'failed', 'cancelled']).describe('How it ended; open where nobody said that it did');
export const blob = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
export const bytes = z.number().int().min(0);

export const actor = z
  .strictObject({
    kind: z.enum(['person', 'agent', 'subagent', 'tool']).describe('What it is'),
    name: z.string().describe('What people call it: a type of agent, or a name'),
    id: z.string().optional().describe("The client's own id of the agent; left out where it gave none"),
  })
  .nullable()
  .describe('Who made it last');

export const kinds = <T extends z.ZodType>(value: T, what: string) =>
  z
    .strictObject({
      code: value.describe('Of code'),
      tests: value.describe('Of tests'),
      docs: value.describe('Of documents'),
      scripts: value.describe('Of scripts'),
      notes: value.describe('Of notes'),
    })
    .describe(what);

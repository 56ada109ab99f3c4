import { z } from 'zod';
import { heldPart } from './parts/held.ts';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  task: z.string().describe('Id of the task'),
  status: z.enum(['completed', 'failed', 'cancelled']).describe('How it ended'),
  commit: z.string().nullable().describe('The checkpoint; null: still queued, or nothing was left to commit'),
  queued: z.boolean().describe('Whether the checkpoint is on disk and a later command commits it'),
  waits: z.string().nullable().describe('Why it waits; null: it does not'),
  files: z.array(z.string()).describe('Files of the task that the checkpoint holds, relative to the top of the tree'),
  shared: z
    .array(
      z.strictObject({
        path: z.string().describe('The file'),
        commit: z.string().describe('Full id of the commit that holds the edit'),
        with: z.array(z.string()).describe('Ids of the other tasks of that commit'),
      }),
    )
    .describe("Files of the task that another task's checkpoint committed already"),
  held: heldPart,
});

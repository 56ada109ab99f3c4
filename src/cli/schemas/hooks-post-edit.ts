import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  path: z.string().describe('The file, relative to the top of the tree'),
  blob: z.string().nullable().describe('Id of its content as git would commit it; null: the file is gone'),
  task: z.string().nullable().describe('The task that the edit belongs to; null: none'),
  agent: z.string().describe('Who edited it'),
  record: z.string().describe('Id of the record'),
  memory: z
    .strictObject({ namespace: z.string().describe('Its namespace'), key: z.string().describe('Its key') })
    .nullable()
    .describe('Where {path, blob, task, agent} was stored; null without --memory-key'),
  commit: z.string().nullable().describe('The commit that was made at once (policy "checkpoint: edit"); else null'),
  queued: z.boolean().describe('Whether such a commit is still to be made'),
});

import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  state: z.literal('active').describe('It is active again'),
  reasons: z
    .array(
      z.strictObject({
        text: z.string().describe('What has to change'),
        path: z.string().nullable().describe('The file that it is about; null where none was named'),
        line: z.number().int().nullable().describe('The line in that file; null where none was named'),
      }),
    )
    .describe('Why it was sent back, as its agents will see it'),
  withdrawn: z.string().nullable().describe('Full id of the seal that was withdrawn; null where it was not sealed'),
  kept: z.string().nullable().describe('Ref that keeps the withdrawn seal; null where there is none'),
  tag: z.string().nullable().describe('Short name of the backup tag that was withdrawn; null where there was none'),
});
